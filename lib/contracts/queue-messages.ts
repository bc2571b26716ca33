import * as z from "zod";
import { Id } from "../domain/common.ts";
import { Subscription } from "./connection.ts";

/**
 * A message of the task queue: the task to look at. The table says what has to be done with it. Messages from before there were
 * kinds have none.
 */
export const TaskMessage = z.object({
  kind: z.literal("task").default("task"),
  tenant: z.string().min(1),
  project_id: Id,
  task_id: Id,
  correlation_id: z.string(),
});
export type TaskMessage = z.infer<typeof TaskMessage>;

/** A message of the fan-out queue: a part of the log to post to some of a project's sockets. */
const FramesMessage = z.object({
  kind: z.literal("frames"),
  tenant: z.string().min(1),
  project_id: Id,
  /** The part begins after this seq … */
  after: z.int().nonnegative(),
  /** … and ends with this one. */
  to: z.int().positive(),
  subscriptions: z.array(Subscription).readonly(),
  correlation_id: z.string(),
});
export type FramesMessage = z.infer<typeof FramesMessage>;

/** A message of the fan-out queue: the replay for a subscription that a client named in the URL of its socket. */
const ReplayMessage = z.object({
  kind: z.literal("replay"),
  subscription: Subscription,
  /** The replay begins after this seq; null for the project's head, so that only new events are posted. */
  after: z.int().nonnegative().nullable(),
  correlation_id: z.string(),
});
export type ReplayMessage = z.infer<typeof ReplayMessage>;

export const FanoutMessage = z.discriminatedUnion("kind", [FramesMessage, ReplayMessage]);
export type FanoutMessage = z.infer<typeof FanoutMessage>;

/** Every message of every queue. */
export type QueueMessage = TaskMessage | FanoutMessage;
