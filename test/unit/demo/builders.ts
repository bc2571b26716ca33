import { Event, type EventDraft, type EventType } from "../../../lib/domain/events.ts";
import type { Look } from "../../../localstack/demo/paint.ts";
import { applyEvent, emptyView, type Gate, type View } from "../../../localstack/demo/view.ts";

export const projectId = "01a20689-d401-716e-a554-82fbbbaa792e";
const requestId = "01a20689-d49a-7286-9491-443fff78a26f";
export const contextId = "01a20689-d499-7479-b0cc-595f91923b20";
const sha256 = "a863060caf7cfc20588c3afe1405dbfcaca4bda58692c9cbd8ff67714e05ff91";

/** No colours, eighty columns. */
export const plainLook: Look = { paint: (_, text) => text, columns: 80, chat: false };

/** Tasks are named by a letter here. */
export const taskId = (letter: string) => `01a20689-d401-716e-a554-00000000000${letter}`;

type Draft = Extract<EventDraft, { event_type: EventType }>;

/**
 * A log of a project, one second between its events. The domain's own schema checks them: what the demo
 * reads is what the stack says.
 */
export const logOf = (...drafts: (Pick<Draft, "event_type" | "data"> & { task?: string })[]) =>
  drafts.map(({ event_type, data, task }, index) => {
    const event = {
      seq: index + 1,
      event_id: requestId,
      event_type,
      project_id: projectId,
      task_id: task === undefined ? null : taskId(task),
      agent_type: task === undefined ? null : "coder",
      data,
      actor: { type: "user", id: "anna" },
      timestamp: `2026-01-01T00:00:${String(index).padStart(2, "0")}.000Z`,
    };
    return Event.parse(event);
  });

export const viewOf = (events: readonly Event[]): View => events.reduce(applyEvent, emptyView);

export const created = (task: string, name = "Code Generation") =>
  ({
    event_type: "task_created",
    task,
    data: { name, agent_type: "coder", phase: "build", priority: 3 },
  }) as const;

/** What a model_call says. */
export const aCall = (cost_usd: number) =>
  ({
    call_id: requestId,
    attempt: 1,
    provider: "anthropic",
    model: "claude-sonnet-5-5",
    purpose: "answer",
    outcome: "answered",
    error_code: null,
    input_tokens: 1_000,
    cached_input_tokens: 0,
    cache_write_input_tokens: 0,
    output_tokens: 500,
    estimated: false,
    cost_usd,
    price: "listed",
    duration_ms: 900,
  }) as const;

export const started = (task: string) =>
  ({ event_type: "task_started", task, data: { attempt: 1 } }) as const;

export const asked = (
  task: string,
  fields: { options?: string[]; shows?: boolean; id?: string } = {},
) =>
  ({
    event_type: "hitl_request_created",
    task,
    data: {
      request_id: fields.id ?? requestId,
      question: "May the work go on?",
      options: fields.options ?? [],
      context_ids: fields.shows === false ? [] : [{ context_id: contextId, version: 1, sha256 }],
      expires_at: "2026-01-02T00:00:00.000Z",
    },
  }) as const;

export const answered = (
  task: string,
  status: "approved" | "rejected" | "amended" = "approved",
  comment: string | null = null,
  id = requestId,
) =>
  ({
    event_type: "hitl_response",
    task,
    data: {
      request_id: id,
      action: ({ approved: "approve", rejected: "reject", amended: "amend" } as const)[status],
      status,
      responded_by: "anna",
      comment,
      choice: null,
      content_id: null,
    },
  }) as const;

export const completed = (task: string) =>
  ({
    event_type: "task_completed",
    task,
    data: {
      attempt: 1,
      output: {
        context_id: contextId,
        version: 1,
        sha256,
        artifact_type: "source_code",
        summary: "Done.",
        confidence: 0.9,
      },
    },
  }) as const;

export const moment = (
  event:
    | "phase_started"
    | "project_paused"
    | "project_resumed"
    | "project_halted"
    | "project_completed"
    | "project_cancelled",
  reason: string | null = null,
) => ({ event_type: "workflow_event", data: { event, phase: "build", reason } }) as const;

export const wrote = (
  version: number,
  event_type: "artifact_created" | "artifact_updated" = "artifact_created",
) =>
  ({
    event_type,
    task: "a",
    data: {
      context_id: contextId,
      version,
      sha256,
      artifact_type: "source_code",
      source_agent: "coder",
      bytes: 2_048,
    },
  }) as const;

export const gate = (fields: Partial<Gate> = {}): Gate => ({
  request_id: requestId,
  task_id: taskId("a"),
  question: "May the work go on?",
  options: [],
  shows: true,
  asked_at: "2026-01-01T00:00:00.000Z",
  ...fields,
});
