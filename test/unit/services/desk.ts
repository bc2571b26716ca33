import type { Change } from "../../../lib/domain/change.ts";
import type { Event } from "../../../lib/domain/events.ts";
import { afterWrite, isEmpty, seal } from "../../../lib/domain/seal.ts";
import type { Commit } from "../../../lib/services/caller.ts";
import { aMoment, expectSound, now } from "../../builders.ts";

/** A project in memory, with what the use cases need to read and change it. */
export const aDesk = (start: Change, clock: () => Date = () => new Date(now)) => {
  const log: Event[] = [];
  let state = start;
  let commits = 0;
  const commit: Commit = async ({ decide, actor, correlation_id }) => {
    const moment = aMoment({ now: clock().toISOString(), actor, correlation_id });
    const { change, answer } = decide(state, moment);
    if (isEmpty(change, state.project)) return answer(state);
    const sealed = seal(expectSound(change), moment);
    log.push(...sealed.events);
    commits += 1;
    state = afterWrite(sealed);
    return answer(state);
  };
  return {
    commit,
    load: async () => state,
    loadMore: async () => state,
    now: clock,
    log,
    state: () => state,
    commits: () => commits,
    /** Something that happens to the project from elsewhere. */
    meanwhile: (edit: (change: Change) => Change) => {
      state = edit(state);
    },
  };
};
