import * as z from "zod";
import { Id } from "../domain/common.ts";
import { Subscription } from "./connection.ts";

/**
 * Task queue: which task is to be looked at. What is to be done, the table says. Messages without a kind were sent
 * before there were kinds.
 */
export const TaskMessage = z.object({
  kind: z.literal("task").default("task"),
  tenant: z.string().min(1),
  project_id: Id,
  task_id: Id,
  correlation_id: z.string(),
});
export type TaskMessage = z.infer<typeof TaskMessage>;

/** Fan-out queue: a part of the log, for some of a project's sockets. */
const FramesMessage = z.object({
  kind: z.literal("frames"),
  tenant: z.string().min(1),
  project_id: Id,
  /** The part begins behind this seq … */
  after: z.int().nonnegative(),
  /** … and ends with this one. */
  to: z.int().positive(),
  subscriptions: z.array(Subscription).readonly(),
  correlation_id: z.string(),
});
export type FramesMessage = z.infer<typeof FramesMessage>;

/** Fan-out queue: the replay for a subscription that was given in the address of a socket. */
const ReplayMessage = z.object({
  kind: z.literal("replay"),
  subscription: Subscription,
  /** Null: only what happens from now on. */
  after: z.int().nonnegative().nullable(),
  correlation_id: z.string(),
});
export type ReplayMessage = z.infer<typeof ReplayMessage>;

export const FanoutMessage = z.discriminatedUnion("kind", [FramesMessage, ReplayMessage]);
export type FanoutMessage = z.infer<typeof FanoutMessage>;

/** Every message of every queue. */
export type QueueMessage = TaskMessage | FanoutMessage;
