import * as z from "zod";
import { Instant, type Moment } from "../common.ts";

/** Work that a change of the project's status leaves behind, done in bounded commits after it. */
export const FollowUp = z.object({
  /** Tells it from a later one of the same kind. */
  id: z.string().min(1),
  kind: z.enum(["start_pending", "close_open"]),
  at: Instant,
  /** Of the request that left it: its commits, messages and log lines carry it on. */
  correlation_id: z.string(),
});
export type FollowUp = z.infer<typeof FollowUp>;

export const newFollowUp = (
  kind: FollowUp["kind"],
  { newId, now, correlation_id }: Moment,
): FollowUp => ({ id: newId(), kind, at: now, correlation_id });
