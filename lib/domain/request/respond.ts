import { nextVersion, saveArtifact } from "../artifact/save-artifact.ts";
import { money } from "../budget/money.ts";
import { newLimitIn } from "../budget/set-limit.ts";
import { apply, type Change, type Edit, emit, moveAgent, put } from "../change.ts";
import type { Moment } from "../common.ts";
import { taskEvent } from "../events.ts";
import type { Json } from "../json.ts";
import { Problem } from "../problem.ts";
import { isClosed } from "../project/project.ts";
import type { TaskRecord } from "../task/task.ts";
import { endAsking } from "./joined.ts";
import { type HitlAction, type HitlRequest, moveHitl, type RequestRecord } from "./request.ts";
import { optionIn, responseRules, takesFeedback } from "./response-rules.ts";

export type Response = {
  action: HitlAction;
  comment: string | null;
  /** What the person wrote. It is stored already under its digest; `bytes` is the size of its canonical JSON. */
  content: { value: Json; sha256: string; bytes: number } | null;
};

const refuseResponse = (request: RequestRecord, current: string): never => {
  throw new Problem(
    "already-decided",
    `Request ${request.request_id} takes no more answers: it is ${current}.`,
    { extensions: { current } },
  );
};

const checkOpen = (change: Change, request: RequestRecord, now: string) => {
  if (/* guard: request condition */ request.status !== "pending")
    refuseResponse(request, request.status);
  if (request.expires_at <= now) refuseResponse(request, "expired");
  if (isClosed(change.project)) refuseResponse(request, "cancelled");
};

const respondedRequest = (
  request: RequestRecord,
  response: Response,
  moment: Moment,
): RequestRecord => {
  const { action, comment, content } = response;
  const user_id = moment.actor.id;
  return {
    ...request,
    status: moveHitl(request.status, action),
    user_response: action,
    response_comment: comment,
    amended_content: action === "amend" ? (content?.value ?? null) : null,
    responded_by: user_id,
    responded_at: moment.now,
    updated_at: moment.now,
    history: [
      ...request.history,
      { timestamp: moment.now, action, user_id, content: null, comment },
    ],
  };
};

const choiceIn = ({ kind, about }: RequestRecord, { action, content }: Response): string | null => {
  if (action !== "amend" || !content || takesFeedback(kind)) return null;
  return kind === "budget"
    ? money(newLimitIn(about, content.value))
    : (optionIn(content.value) ?? null);
};

const feedbackArtifact = (request: RequestRecord, response: Response, moment: Moment) => {
  if (response.action !== "amend" || !response.content || !takesFeedback(request.kind)) return null;
  return nextVersion(
    undefined,
    {
      project_id: request.project_id,
      source_agent: "user",
      artifact_type: "hitl_response",
      artifact_metadata: { request_id: request.request_id, question: request.question },
      sha256: response.content.sha256,
    },
    moment,
  );
};

/**
 * Stores a person's response to a request, and applies the rule that says what the response does.
 *
 * @throws Problem `already-decided` when the request is not pending, its time is over, or the project is closed
 * @throws Problem `invalid-request` when an amendment is not one of the options, or not a limit that a person may set
 * @throws Problem `conflict` when the task's or project's status does not allow what the response does
 */
export const respond =
  (request: RequestRecord, taskAsked: TaskRecord, response: Response, moment: Moment): Edit =>
  (change) => {
    checkOpen(change, request, moment.now);
    const artifact = feedbackArtifact(request, response, moment);
    const content_id = artifact?.context_id ?? null;
    const responded = respondedRequest(request, response, moment);
    const task = { ...taskAsked, pending_request: null, waiting_for: null };
    const { action, comment, content } = response;
    const rule = responseRules[request.kind][action];
    return apply(
      change,
      put("requests", responded),
      put("tasks", task),
      ...(artifact ? [saveArtifact(artifact, response.content?.bytes ?? 0, task)] : []),
      emit(
        taskEvent(task, "hitl_response", {
          request_id: request.request_id,
          action,
          status: responded.status,
          responded_by: moment.actor.id,
          comment,
          choice: choiceIn(request, response),
          content_id,
        }),
      ),
      moveAgent(task, "leave", moment),
      rule({
        request,
        task,
        action,
        content: content?.value ?? null,
        comment,
        content_id,
        moment,
      }),
      endAsking(request, moment),
    );
  };

/** Makes the request that callers see: the history's entry of an amendment has the amended content. */
export const shownRequest = <R extends HitlRequest>(request: R): R => ({
  ...request,
  history: request.history.map((entry) =>
    entry.action === "amend" ? { ...entry, content: request.amended_content } : entry,
  ),
});
