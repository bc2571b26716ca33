import * as z from "zod";
import type { Role } from "../domain/access.ts";
import { Id } from "../domain/common.ts";
import { Event, EventType } from "../domain/events.ts";
import { AgentType } from "../domain/project/agent.ts";

const after = z.int().nonnegative();

export const SubscribeMessage = z
  .strictObject({
    action: z.literal("subscribe"),
    project_id: Id,
    after: after.optional().meta({
      description: "Replay what came after this seq; without it only what happens from now on.",
    }),
    event_types: z.array(EventType).min(1).max(50).optional(),
  })
  .meta({ id: "SubscribeMessage" });

export const UnsubscribeMessage = z
  .strictObject({ action: z.literal("unsubscribe"), project_id: Id })
  .meta({ id: "UnsubscribeMessage" });

export const PingMessage = z
  .strictObject({
    action: z.literal("ping"),
    project_id: Id.optional(),
    last: after.optional().meta({ description: "The last seq the client has applied." }),
  })
  .meta({ id: "PingMessage" });

/** A message that a client sends. */
export const ClientMessage = z.discriminatedUnion("action", [
  SubscribeMessage,
  UnsubscribeMessage,
  PingMessage,
]);
export type ClientMessage = z.infer<typeof ClientMessage>;

/** The least role for each action of a client. To close a socket needs no role. */
export const socketAccess = {
  connect: "viewer",
  subscribe: "viewer",
  unsubscribe: "viewer",
  ping: "viewer",
} as const satisfies Record<"connect" | ClientMessage["action"], Role>;

export const SubscribedFrame = z
  .object({ type: z.literal("subscribed"), project_id: Id, head: z.int() })
  .meta({ id: "SubscribedFrame" });

export const UnsubscribedFrame = z
  .object({ type: z.literal("unsubscribed"), project_id: Id })
  .meta({ id: "UnsubscribedFrame" });

export const PongFrame = z
  .object({
    type: z.literal("pong"),
    head: z.int().nullable().meta({
      description: "Of the project named, or of the only one watched; otherwise null.",
    }),
  })
  .meta({ id: "PongFrame" });

export const EventsFrame = z
  .object({
    type: z.literal("events"),
    project_id: Id,
    from: z.int(),
    to: z.int(),
    events: z.array(Event),
  })
  .meta({
    id: "EventsFrame",
    description: "All that happened from seq `from` to seq `to`, less what a filter takes out.",
  });
export type EventsFrame = z.infer<typeof EventsFrame>;

export const TokensFrame = z
  .object({
    type: z.literal("tokens"),
    project_id: Id,
    task_id: Id,
    agent_type: AgentType,
    attempt: z.int(),
    call_id: Id.meta({
      description: "The call of a model, as its model_call event names it: each begins anew.",
    }),
    offset: z.int().meta({
      description:
        "Characters of this call before `text`; more than the client has when frames were left out.",
    }),
    text: z.string(),
  })
  .meta({
    id: "TokensFrame",
    description:
      "What a model is writing just now: at most five a second for a task, not kept and not replayed. With a filter it comes to those who watch agent_chat_message.",
  });
export type TokensFrame = z.infer<typeof TokensFrame>;

export const ErrorFrame = z
  .object({ type: z.literal("error"), problem: z.looseObject({ type: z.string() }) })
  .meta({ id: "ErrorFrame" });

/** A frame that answers a message of a client. */
export type ServerFrame =
  | z.infer<typeof SubscribedFrame>
  | z.infer<typeof UnsubscribedFrame>
  | z.infer<typeof PongFrame>
  | z.infer<typeof ErrorFrame>;
