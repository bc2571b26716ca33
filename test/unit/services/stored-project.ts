import { emptyLedger } from "../../../lib/domain/budget/ledger.ts";
import type { Change, Needs } from "../../../lib/domain/change.ts";
import type { ProjectKey } from "../../../lib/domain/common.ts";
import type { Event } from "../../../lib/domain/events.ts";
import { afterWrite, isEmpty, prepareWrite } from "../../../lib/domain/prepare-write.ts";
import type { Commit } from "../../../lib/services/commit/commit.ts";
import { aMoment, expectSound, now, waitTimes } from "../../support/builders.ts";

const named = <T>(records: Readonly<Record<string, T>>, ids: readonly string[] = []) =>
  Object.fromEntries(
    ids.flatMap((id) => {
      const record = records[id];
      return record ? [[id, record]] : [];
    }),
  );

/** No more than what is asked for, as a table gives it. */
const only = (change: Change, needs: Needs): Change => ({
  ...change,
  tasks: named(change.tasks, needs.tasks),
  requests: named(change.requests, needs.requests),
  artifacts: named(change.artifacts, needs.artifacts),
  ledgers: {
    ...Object.fromEntries((needs.ledgers ?? []).map((id) => [id, emptyLedger(id)])),
    ...named(change.ledgers, needs.ledgers),
  },
});

const joined = (before: Change, after: Change): Change => ({
  ...after,
  tasks: { ...before.tasks, ...after.tasks },
  requests: { ...before.requests, ...after.requests },
  artifacts: { ...before.artifacts, ...after.artifacts },
  ledgers: { ...before.ledgers, ...after.ledgers },
});

/** A project in memory, with what the use cases need to read and change it. */
export const aStoredProject = (start: Change, clock: () => Date = () => new Date(now)) => {
  const log: Event[] = [];
  let state = start;
  let commits = 0;
  const load = async (_key: ProjectKey, needs: Needs) => only(state, needs);
  const loadMore = async (change: Change, needs: Needs) => joined(change, only(state, needs));
  const commit: Commit = async ({ decide, actor, correlation_id, ...request }) => {
    const moment = aMoment({ now: clock().toISOString(), actor, correlation_id });
    const first = only(state, request.needs ?? {});
    const before = request.more ? joined(first, only(state, request.more(first))) : first;
    const { change, answer } = decide(before, moment);
    if (isEmpty(change, before.project)) return answer(before);
    const prepared = prepareWrite(change, moment, waitTimes);
    expectSound(joined(state, change));
    log.push(...prepared.events);
    commits += 1;
    const after = afterWrite(prepared);
    state = joined(state, after);
    return answer(after);
  };
  return {
    commit,
    load,
    loadMore,
    now: clock,
    log,
    state: () => state,
    commits: () => commits,
    /** Something that happens to the project from elsewhere; it is written, but stays out of the log. */
    meanwhile: (edit: (change: Change) => Change) => {
      state = afterWrite(
        prepareWrite(edit(state), aMoment({ now: clock().toISOString() }), waitTimes),
      );
    },
  };
};
