import type { ArtifactRef } from "../artifact/artifact.ts";
import { type LimitQuestion, limitRef, waitingForLimit } from "../budget/limit.ts";
import { apply, type Edit, emit, moveAgent, put, setProject } from "../change.ts";
import { addMs, type Moment, truncate } from "../common.ts";
import { taskEvent } from "../events.ts";
import type { TaskRecord } from "../task/task.ts";
import { countWaiting, endAsking } from "./joined.ts";
import {
  asAsked,
  defaultExpirySeconds,
  moveHitl,
  type RequestKind,
  type RequestRecord,
} from "./request.ts";

export type NewRequest = {
  kind: RequestKind;
  question: string;
  options: readonly string[];
  context: readonly ArtifactRef[];
  about?: LimitQuestion | undefined;
  expires_in_seconds?: number | undefined;
};

const maxOptions = 20;
const maxOptionCharacters = 200;

const newRequest = (task: TaskRecord, fields: NewRequest, moment: Moment): RequestRecord => ({
  request_id: moment.newId(),
  project_id: task.project_id,
  task_id: task.task_id,
  kind: fields.kind,
  about: fields.about ?? null,
  question: asAsked(fields.question) || "May the work go on?",
  options: fields.options
    .map((option) => truncate(option, maxOptionCharacters))
    .filter((option) => option.trim().length > 0)
    .slice(0, maxOptions),
  waiting_tasks: 1,
  status: "pending",
  context_ids: [...fields.context],
  user_response: null,
  response_comment: null,
  amended_content: null,
  responded_by: null,
  created_at: moment.now,
  updated_at: moment.now,
  expires_at: addMs(moment.now, (fields.expires_in_seconds ?? defaultExpirySeconds) * 1_000),
  responded_at: null,
  history: [
    {
      timestamp: moment.now,
      action: "created",
      user_id: moment.actor.type === "user" ? moment.actor.id : null,
      content: null,
      comment: null,
    },
  ],
  rev: 0,
});

/** Notes in the project that a person is asked about a limit at which several tasks may wait. */
const noteAsked =
  ({ request_id, about }: RequestRecord): Edit =>
  (change) => {
    if (!about || about.scope === "task") return change;
    const asked = [...change.project.asked_limits, { ...limitRef(about), request_id }];
    return setProject({ asked_limits: asked })(change);
  };

/** Opens a request about a task. The caller decides what happens to the task itself. */
export const openRequest =
  (task: TaskRecord, fields: NewRequest, moment: Moment): Edit =>
  (change) => {
    const request = newRequest(task, fields, moment);
    const { request_id, about, question, options, context_ids, expires_at } = request;
    const waiting_for = about && waitingForLimit(about, request_id, moment.now);
    return apply(
      change,
      put("requests", request),
      put("tasks", { ...task, pending_request: request_id, waiting_for }),
      noteAsked(request),
      emit(
        taskEvent(task, "hitl_request_created", {
          request_id,
          question,
          options,
          context_ids,
          expires_at,
        }),
      ),
    );
  };

const noLongerAsked = (task: TaskRecord, now: string): TaskRecord => ({
  ...task,
  pending_request: null,
  waiting_for: null,
  updated_at: task.waiting_for ? now : task.updated_at,
});

/**
 * Closes a request without a response: its time is over, or its task no longer needs it.
 *
 * @throws Problem `conflict` when the request is not pending
 */
export const closeRequest =
  (request: RequestRecord, how: "expire" | "cancel", reason: string, moment: Moment): Edit =>
  (change) => {
    const { now } = moment;
    const status = moveHitl(request.status, how) as "expired" | "cancelled";
    const entry = { timestamp: now, action: how, user_id: null, content: null, comment: reason };
    const task = change.tasks[request.task_id];
    return apply(
      change,
      put("requests", {
        ...request,
        status,
        updated_at: now,
        history: [...request.history, entry],
      }),
      ...(task ? [put("tasks", noLongerAsked(task, now))] : []),
      emit({
        event_type: "hitl_expired",
        task_id: request.task_id,
        agent_type: task?.agent_type ?? null,
        data: { request_id: request.request_id, status, reason },
      }),
      ...(task ? [moveAgent(task, "leave", moment)] : []),
      endAsking(request, moment),
    );
  };

/**
 * Cancels the pending request about a task, if there is one and the change has it. A request of another task, whose answer this
 * one waits for too, stays open.
 */
export const cancelPendingRequest =
  (task: TaskRecord, reason: string, moment: Moment): Edit =>
  (change) => {
    const request = task.pending_request ? change.requests[task.pending_request] : undefined;
    if (request?.status !== "pending") return change;
    if (request.task_id !== task.task_id) return countWaiting(request, -1, moment)(change);
    return closeRequest(request, "cancel", reason, moment)(change);
  };
