import { apply, type Edit, moveProjectTo, setProject } from "../change.ts";
import type { Moment } from "../common.ts";
import { newFollowUp } from "./follow-up.ts";

const endings = {
  complete: "project_completed",
  cancel: "project_cancelled",
  fail: "project_failed",
} as const;

/**
 * Ends the project. A follow-up cancels its open tasks and pending requests.
 *
 * @throws Problem `conflict` when the project is closed already
 */
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
