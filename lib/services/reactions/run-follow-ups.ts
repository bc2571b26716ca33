import type { Committed } from "../commit/commit.ts";
import { type FollowUpDeps, runFollowUp } from "../commit/follow-ups.ts";
import type { Reaction } from "./reaction.ts";

/** Whether this commit left a follow-up. One that an earlier commit left is run by the process of that commit. */
const leftFollowUp = ({ before, after }: Committed<unknown>): boolean =>
  after.project.follow_up !== null && after.project.follow_up.id !== before.follow_up?.id;

/**
 * Runs the follow-up that a change of the project's status leaves behind, in commits of its own.
 *
 * @param deps its `commit` must not run follow-ups itself
 */
export const runFollowUps = (deps: FollowUpDeps): Reaction => ({
  name: "run follow-ups",
  awaited: "to-its-end",
  of: (committed) => {
    const { tenant, project } = committed.after;
    const key = { tenant, project_id: project.id };
    return leftFollowUp(committed) ? [() => runFollowUp(deps, key)] : [];
  },
});
