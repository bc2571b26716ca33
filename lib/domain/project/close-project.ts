import { apply, type Edit, moveProjectTo, setProject } from "../change.ts";
import type { Moment } from "../common.ts";
import { newFollowUp } from "./follow-up.ts";

const endings = {
  complete: "project_completed",
  cancel: "project_cancelled",
  fail: "project_failed",
} as const;

/** Ends the project. Open tasks and pending requests are cancelled in the commits that follow. */
export const closeProject =
  (how: keyof typeof endings, reason: string | null, moment: Moment): Edit =>
  (change) => {
    const { counts } = change.project;
    const leavesOpen = counts.open + counts.pending_requests > 0;
    return apply(
      change,
      moveProjectTo(how, endings[how], reason),
      setProject({
        completed_at: moment.now,
        rejected: [],
        unanswered: [],
        follow_up: leavesOpen ? newFollowUp("close_open", moment) : null,
      }),
    );
  };
