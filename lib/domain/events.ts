import * as z from "zod";
import { ArtifactRef, SourceAgent } from "./artifact/artifact.ts";
import { ArtifactType } from "./artifact/artifact-type.ts";
import { WaitingFor } from "./budget/limit.ts";
import { Actor, Id, Instant, OversightLevel, Phase } from "./common.ts";
import { AgentState, AgentType } from "./project/agent.ts";
import { HitlAction, HitlStatus, Options } from "./request/request.ts";
import { HandoffStatus } from "./task/handoff.ts";
import { TaskError, TaskOutput } from "./task/task.ts";
import { WorkflowName } from "./workflow/workflow.ts";

export const WorkflowEventKind = z
  .enum([
    "phase_started",
    "phase_completed",
    "project_paused",
    "project_resumed",
    "project_halted",
    "project_completed",
    "project_failed",
    "project_cancelled",
  ])
  .meta({ id: "WorkflowMoment" });
export type WorkflowEventKind = z.infer<typeof WorkflowEventKind>;

const artifactData = ArtifactRef.extend({
  artifact_type: ArtifactType,
  source_agent: SourceAgent,
  bytes: z.int().meta({ description: "Of the content's canonical JSON." }),
});

/** The schema of each event's `data`. Keep it small: a frame of a WebSocket holds 32 KB (`maxFrameBytes`). */
export const eventData = {
  project_created: z.object({
    name: z.string(),
    workflow: WorkflowName,
    oversight_level: OversightLevel,
  }),
  project_updated: z.object({
    changed: z.array(z.enum(["name", "description", "oversight_level"])),
    name: z.string(),
    oversight_level: OversightLevel,
  }),
  workflow_event: z.object({
    event: WorkflowEventKind,
    phase: Phase.nullable(),
    reason: z.string().nullable(),
  }),
  task_created: z.object({
    name: z.string(),
    agent_type: AgentType,
    phase: Phase.nullable(),
    priority: z.int(),
  }),
  task_started: z.object({ attempt: z.int() }),
  task_progress: z.object({
    attempt: z.int(),
    progress_percentage: z.int(),
    message: z.string(),
  }),
  task_retry_scheduled: z.object({
    attempt: z.int().meta({ description: "The attempt that is over; the next one is one higher." }),
    delay_ms: z.int(),
    reason: z.enum([
      "failed",
      "lease_expired",
      "amended",
      "answered",
      "retried",
      "resumed",
      "budget",
    ]),
    error: TaskError.nullable(),
  }),
  task_waiting: z.object({ attempt: z.int(), waiting_for: WaitingFor }).meta({
    description:
      "The task is pending until there is money, or waiting_for_hitl where `waiting_for` names a request.",
  }),
  task_completed: z.object({ attempt: z.int(), output: TaskOutput }),
  task_failed: z.object({ attempt: z.int(), error: TaskError }),
  task_cancelled: z.object({ attempt: z.int(), reason: z.string() }),
  agent_status_change: z.object({
    status: AgentState,
    previous: AgentState,
    current_task_id: Id.nullable(),
    error_message: z.string().nullable(),
  }),
  artifact_created: artifactData,
  artifact_updated: artifactData,
  artifact_deleted: z.object({ context_id: Id, version: z.int() }),
  handoff_created: z.object({
    handoff_id: Id,
    from_agent: AgentType,
    to_agent: AgentType,
    phase: Phase,
    status: HandoffStatus,
    context_ids: z.array(Id),
  }),
  hitl_request_created: z.object({
    request_id: Id,
    question: z.string(),
    options: Options,
    context_ids: z.array(ArtifactRef),
    expires_at: Instant,
  }),
  hitl_response: z.object({
    request_id: Id,
    action: HitlAction,
    status: HitlStatus,
    responded_by: z.string(),
    comment: z.string().nullable(),
    choice: z
      .string()
      .nullable()
      .meta({ description: "The option that an amendment chose, where it was one." }),
    content_id: Id.nullable().meta({ description: "The hitl_response artifact of an amendment." }),
  }),
  hitl_expired: z.object({
    request_id: Id,
    status: z.enum(["expired", "cancelled"]),
    reason: z.string(),
  }),
  agent_chat_message: z.object({ message: z.string() }),
  model_call: z.object({
    call_id: Id,
    attempt: z.int(),
    provider: z.string(),
    model: z.string(),
    purpose: z.string().meta({ description: "`answer`, `tools`, `repair` or `mediation`." }),
    outcome: z.enum(["answered", "failed", "cancelled", "lost"]),
    error_code: z.string().nullable(),
    input_tokens: z.int(),
    cached_input_tokens: z.int().meta({ description: "Read from a cache; among input_tokens." }),
    cache_write_input_tokens: z
      .int()
      .optional()
      .meta({ description: "Written to a cache; among input_tokens." }),
    output_tokens: z.int(),
    estimated: z.boolean().meta({
      description: "The provider did not say how many tokens it were, or a number that cannot be.",
    }),
    estimated_because: z
      .string()
      .optional()
      .meta({ description: "Which count of the provider cannot be, in words." }),
    cost_usd: z.number(),
    price: z.enum(["listed", "assumed"]).meta({
      description: "Whether the model is in the price list, or the dearest price was assumed.",
    }),
    duration_ms: z.int(),
  }),
  error: TaskError,
} as const;

export type EventType = keyof typeof eventData;
export const eventTypes = Object.keys(eventData) as [EventType, ...EventType[]];
export const EventType = z.enum(eventTypes).meta({ id: "EventType" });

/** The envelope of every event; `data` depends on `event_type`. */
const envelope = z.object({
  seq: z.int().positive().meta({ description: "1, 2, 3 … per project, without gaps." }),
  event_id: Id,
  project_id: Id,
  task_id: Id.nullable(),
  agent_type: AgentType.nullable(),
  actor: Actor,
  timestamp: Instant,
});

/** Gives the name of an event's schema: `task_created` becomes `TaskCreatedEvent`. */
const eventName = (type: EventType): string =>
  `_${type}_event`
    .replace("_event_event", "_event")
    .replace(/_(\w)/g, (_, letter) => letter.toUpperCase());

const variants = eventTypes.map((type) =>
  envelope
    .extend({ event_type: z.literal(type), data: eventData[type] })
    .meta({ id: eventName(type) }),
);

type DataOf = { [T in EventType]: z.infer<(typeof eventData)[T]> };

/** One step of a project. `event_type` tells the shape of `data`. */
export type Event = {
  [T in EventType]: z.infer<typeof envelope> & { event_type: T; data: DataOf[T] };
}[EventType];

/** The event of one type, or of one of several types. */
export type EventOf<T extends EventType> = Extract<Event, { event_type: T }>;

export const Event = z
  .discriminatedUnion("event_type", variants as [(typeof variants)[number]])
  .meta({
    id: "Event",
    description: "One step of a project. The log of them is the audit trail.",
  }) as unknown as z.ZodType<Event, Event>;

/** An event before it has its place in the log. */
export type EventDraft = {
  [T in EventType]: {
    event_type: T;
    data: DataOf[T];
    task_id: string | null;
    agent_type: AgentType | null;
  };
}[EventType];

/** Makes a draft that is about the project as a whole. */
export const projectEvent = <T extends EventType>(event_type: T, data: DataOf[T]): EventDraft =>
  ({ event_type, data, task_id: null, agent_type: null }) as EventDraft;

/** Makes a draft that is about one task. */
export const taskEvent = <T extends EventType>(
  task: { task_id: string; agent_type: AgentType },
  event_type: T,
  data: DataOf[T],
): EventDraft =>
  ({ event_type, data, task_id: task.task_id, agent_type: task.agent_type }) as EventDraft;

type Place = Omit<z.infer<typeof envelope>, "task_id" | "agent_type">;

/**
 * Makes the event of a draft, with its place in the log. The members always come in the same order, so that an event from
 * the commit and the same event from the table are the same JSON.
 */
export const placeEvent = (draft: EventDraft, place: Place): Event =>
  ({
    seq: place.seq,
    event_id: place.event_id,
    event_type: draft.event_type,
    project_id: place.project_id,
    task_id: draft.task_id,
    agent_type: draft.agent_type,
    data: draft.data,
    actor: place.actor,
    timestamp: place.timestamp,
  }) as Event;
