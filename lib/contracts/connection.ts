import * as z from "zod";
import { Id, Instant } from "../domain/common.ts";

/** An open socket: its id, the endpoint to which its frames are posted, and its times. */
const Connection = z.object({
  tenant: z.string().min(1),
  connection_id: z.string().min(1),
  endpoint: z.string(),
  user_id: z.string(),
  connected_at: Instant,
  expires_at: Instant,
});
export type Connection = z.infer<typeof Connection>;

/** A connection that watches a project. */
export const Subscription = Connection.extend({
  project_id: Id,
  /** The types of events that it gets; null for every type. */
  event_types: z.array(z.string()).nullable(),
  /** Until this instant its replay runs: live frames are not posted to it, as the replay posts those events too. */
  replaying_until: Instant.nullable(),
});
export type Subscription = z.infer<typeof Subscription>;

/** After this time live frames are posted again, even if the replay is slow or its process died. */
export const replayMs = 15_000;

/** Tells whether the replay of a subscription runs, so that live frames leave it out. */
export const isReplaying = ({ replaying_until }: Subscription, now: string): boolean =>
  replaying_until !== null && replaying_until > now;

/**
 * How the post of a frame ended. `gone`: the socket is closed. `dropped`: it failed, and the client will ask for the events.
 */
export type Posted = "sent" | "gone" | "dropped";

/**
 * A 410 from a connection younger than this does not mean that the socket is gone: API Gateway answers so until `$connect` has
 * returned.
 */
export const connectGraceMs = 10_000;
