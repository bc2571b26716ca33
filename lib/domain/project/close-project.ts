import { apply, type Edit, moveProjectTo, setProject } from "../change.ts";
import type { Moment } from "../common.ts";

const endings = {
  complete: "project_completed",
  cancel: "project_cancelled",
  fail: "project_failed",
} as const;

/** Ends the project. Open tasks and pending requests are cancelled in the commits that follow. */
export const closeProject =
  (how: keyof typeof endings, reason: string | null, { now }: Pick<Moment, "now">): Edit =>
  (change) => {
    const { counts, head } = change.project;
    return apply(
      change,
      moveProjectTo(how, endings[how], reason),
      setProject({
        completed_at: now,
        rejected: [],
        unanswered: [],
        chore: counts.open + counts.pending_requests > 0 ? "close_open" : null,
        chore_since: head + 1,
      }),
    );
  };
