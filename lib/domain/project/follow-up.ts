import * as z from "zod";
import { Instant, type Moment } from "../common.ts";

/** Work that a change of the project's status leaves behind. It is done afterwards, in commits of limited size. */
export const FollowUp = z.object({
  /** Distinguishes it from a later follow-up of the same kind. */
  id: z.string().min(1),
  kind: z.enum(["start_pending", "close_open", "settle_joined"]),
  at: Instant,
  /** The correlation id of the request that caused it. Its commits, messages and log lines carry the same id. */
  correlation_id: z.string(),
});
export type FollowUp = z.infer<typeof FollowUp>;

/** Makes a follow-up of the change that is decided at this moment. */
export const newFollowUp = (
  kind: FollowUp["kind"],
  { newId, now, correlation_id }: Moment,
): FollowUp => ({ id: newId(), kind, at: now, correlation_id });
