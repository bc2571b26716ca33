import * as z from "zod";
import { Id, Instant } from "../domain/common.ts";

/** A socket: its id, where frames to it are posted, and since when. */
const Connection = z.object({
  tenant: z.string().min(1),
  connection_id: z.string().min(1),
  endpoint: z.string(),
  user_id: z.string(),
  connected_at: Instant,
  expires_at: Instant,
});
export type Connection = z.infer<typeof Connection>;

/** A socket that watches a project. */
export const Subscription = Connection.extend({
  project_id: Id,
  /** Null means every type of event. */
  event_types: z.array(z.string()).nullable(),
  /** While its replay runs, live frames leave it out: the replay brings those events too. */
  replaying_until: Instant.nullable(),
});
export type Subscription = z.infer<typeof Subscription>;

/** A replay that takes longer, or whose process died, no longer keeps live frames away. */
export const replayMs = 15_000;

export const isReplaying = ({ replaying_until }: Subscription, now: string): boolean =>
  replaying_until !== null && replaying_until > now;

/** What became of a frame: sent, its socket is gone, or given up (the client will ask). */
export type Posted = "sent" | "gone" | "dropped";

/** A socket may answer 410 until its $connect has returned: it is not taken for gone before this age. */
export const connectGraceMs = 10_000;
