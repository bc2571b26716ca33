import type { ProjectKey } from "../../domain/common.ts";
import type { Event } from "../../domain/events.ts";
import { type BroadcastDeps, broadcast } from "../sockets/broadcast.ts";
import { type SettleDeps, settle } from "./after-commit.ts";
import type { Commit } from "./caller.ts";
import { type CommitDeps, type CommitRequest, type Committed, commit } from "./commit.ts";
import { type ChoreDeps, runChores } from "./follow-ups.ts";
import type { InTurn } from "./keyed-mutex.ts";

export type CommitAndTellDeps = CommitDeps &
  Omit<SettleDeps, "broadcast"> &
  BroadcastDeps &
  Omit<ChoreDeps, "commit"> & {
    inTurn: InTurn;
    /** Told when the sockets are told, for the log. */
    onTold: (told: ProjectKey & { correlation_id: string; to: number | undefined }) => void;
  };

/** Whether this very commit left a chore: a later one of the same project leaves it to that process. */
const leftChore = ({ after, events }: Committed<unknown>): boolean =>
  after.project.chore !== null && after.project.chore_since === events[0]?.seq;

/**
 * The commit that use cases get: what follows from it is done before it returns.
 *
 * @returns `commit` also does the chores that a change of the project's status leaves behind; `commitOnly`
 * leaves them, for the chores themselves and the sweeper
 */
export const openCommit = (deps: CommitAndTellDeps): { commit: Commit; commitOnly: Commit } => {
  const commitAndTell = async <R>(request: CommitRequest<R>): Promise<Committed<R>> => {
    const { tenant, project_id, correlation_id } = request;
    const committed = await deps.inTurn(project_id, () => commit(deps, request));
    const tell = async (events: readonly Event[]) => {
      deps.onTold({ tenant, project_id, correlation_id, to: events.at(-1)?.seq });
      await broadcast(deps, { tenant, project_id, correlation_id }, events);
    };
    await settle({ ...deps, broadcast: tell }, committed);
    return committed;
  };
  const commitOnly: Commit = async (request) => (await commitAndTell(request)).result;
  return {
    commitOnly,
    commit: async (request) => {
      const committed = await commitAndTell(request);
      const { tenant, project_id } = request;
      if (leftChore(committed)) {
        await runChores({ ...deps, commit: commitOnly }, { tenant, project_id }).catch(
          deps.onError,
        );
      }
      return committed.result;
    },
  };
};
