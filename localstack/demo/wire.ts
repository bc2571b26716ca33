/** The parts of the interface that the demo and the bench read. `/docs` of a running stack describes all of it. */

export type Project = {
  id: string;
  name: string;
  description: string | null;
  status: ProjectStatus;
  oversight_level: string;
};

type ProjectStatus = "active" | "paused" | "halted" | "completed" | "failed" | "cancelled";

export type Artifact = {
  context_id: string;
  artifact_type: string;
  source_agent: string;
  version: number;
  sha256: string;
  content: unknown;
};

export type Problem = { type: string; title: string; status: number; detail: string };

type Failure = { code: string; message: string };
type ArtifactData = Omit<Artifact, "content"> & { bytes: number };
type ProjectMoment =
  `project_${"paused" | "resumed" | "halted" | "completed" | "failed" | "cancelled"}`;

/** `data` of each event type, with the fields that are used here. */
type EventData = {
  project_created: { name: string };
  workflow_event: {
    event: ProjectMoment | "phase_started" | "phase_completed";
    phase: string | null;
    reason: string | null;
  };
  task_created: { name: string; agent_type: string; phase: string | null };
  task_started: { attempt: number };
  task_progress: { progress_percentage: number };
  task_retry_scheduled: {
    attempt: number;
    delay_ms: number;
    reason: string;
    error: Failure | null;
  };
  task_completed: { attempt: number };
  task_failed: { attempt: number; error: Failure };
  task_cancelled: { reason: string };
  artifact_created: ArtifactData;
  artifact_updated: ArtifactData;
  artifact_deleted: { context_id: string };
  hitl_request_created: {
    request_id: string;
    question: string;
    options: string[];
    context_ids: { context_id: string }[];
  };
  hitl_response: {
    request_id: string;
    action: string;
    status: string;
    responded_by: string;
    comment: string | null;
    choice: string | null;
  };
  hitl_expired: { request_id: string; status: string };
  agent_chat_message: { message: string };
  model_call: { cost_usd: number };
  error: Failure;
};

export type EventType = keyof EventData;

export type EventOf<T extends EventType> = {
  seq: number;
  event_type: T;
  task_id: string | null;
  agent_type: string | null;
  data: EventData[T];
  timestamp: string;
};

export type Event = { [T in EventType]: EventOf<T> }[EventType];

export type EventsFrame = {
  type: "events";
  project_id: string;
  from: number;
  to: number;
  events: Event[];
};

export type Frame =
  | EventsFrame
  | { type: "subscribed"; project_id: string; head: number }
  | { type: "pong"; head: number | null }
  | { type: "error"; problem: Problem };
