import type { Reaction } from "../reactions/reaction.ts";
import { type RunReactionsDeps, runReactions } from "../reactions/run-reactions.ts";
import type { Commit } from "./commit.ts";
import { type CommitDeps, commit } from "./commit.ts";
import type { KeyedMutex } from "./keyed-mutex.ts";

export type OpenCommitDeps = CommitDeps & RunReactionsDeps & { keyedMutex: KeyedMutex };

/** Opens a commit that runs `reactions` before it returns. A reaction that fails does not change its result. */
export const openCommit =
  (deps: OpenCommitDeps, reactions: readonly Reaction[]): Commit =>
  async (request) => {
    const committed = await deps.keyedMutex(request.project_id, () => commit(deps, request));
    await runReactions(deps, reactions, committed);
    return committed.result;
  };
