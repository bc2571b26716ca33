import type { Commit } from "../../lib/services/commit/commit.ts";
import type { EnqueueDeps } from "../../lib/services/commit/enqueue-task.ts";
import type { FollowUpDeps } from "../../lib/services/commit/follow-ups.ts";
import { type OpenCommitDeps, openCommit } from "../../lib/services/commit/open-commit.ts";
import { enqueueTasks } from "../../lib/services/reactions/enqueue-tasks.ts";
import {
  type NotifySocketsDeps,
  notifySockets,
} from "../../lib/services/reactions/notify-sockets.ts";
import { runFollowUps } from "../../lib/services/reactions/run-follow-ups.ts";
import { wakeTasks } from "../../lib/services/reactions/wake-tasks.ts";

type CommitsDeps = OpenCommitDeps & EnqueueDeps & NotifySocketsDeps & Omit<FollowUpDeps, "commit">;

/**
 * Opens the commits with their lists of reactions. A reaction that commits again uses `commitOnly`, and stands only in the
 * list of `commit`, so that its own commits cannot start it again.
 *
 * @returns `commit` for all use cases; `commitOnly` for follow-ups and the sweeper, which run follow-ups themselves
 */
export const openCommits = (deps: CommitsDeps): { commit: Commit; commitOnly: Commit } => {
  const notifications = [enqueueTasks(deps), wakeTasks(deps), notifySockets(deps)];
  const commitOnly = openCommit(deps, notifications);
  const commit = openCommit(deps, [
    ...notifications,
    runFollowUps({ ...deps, commit: commitOnly }),
  ]);
  return { commit, commitOnly };
};
