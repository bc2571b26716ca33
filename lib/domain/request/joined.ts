import { withOthers } from "../budget/budget.ts";
import { waitingForLimit } from "../budget/limit.ts";
import { apply, type Edit, emit, moveAgent, put, setProject } from "../change.ts";
import type { Moment } from "../common.ts";
import { taskEvent } from "../events.ts";
import { newFollowUp } from "../project/follow-up.ts";
import { isClosed } from "../project/project.ts";
import { moveTask, type TaskRecord } from "../task/task.ts";
import type { RequestRecord } from "./request.ts";

/** Counts the tasks that wait for a request's answer, in its question too. */
export const countWaiting =
  (request: RequestRecord, added: 1 | -1, { now }: Moment): Edit =>
  (change) => {
    const waiting_tasks = Math.max(1, request.waiting_tasks + added);
    const question = withOthers(request.question, waiting_tasks - 1);
    return put("requests", { ...request, question, waiting_tasks, updated_at: now })(change);
  };

/**
 * Lets a task wait for the answer to a question that another task has asked.
 *
 * @param transcript digest of the conversation from which the agent goes on after the answer
 * @throws Problem `conflict` when the task is not working
 */
export const joinRequest =
  (
    task: TaskRecord,
    { request, transcript }: { request: RequestRecord; transcript: string | null },
    moment: Moment,
  ): Edit =>
  (change) => {
    const { about, request_id } = request;
    if (!about) return change;
    const waiting_for = waitingForLimit(about, request_id, moment.now);
    return apply(
      change,
      put("tasks", {
        ...task,
        status: moveTask(task.status, "wait_for_human"),
        pending_request: request_id,
        waiting_for,
        updated_at: moment.now,
        lease_until: null,
        not_before: null,
        transcript,
      }),
      countWaiting(request, 1, moment),
      emit(taskEvent(task, "task_waiting", { attempt: task.attempt, waiting_for })),
      moveAgent(task, "wait", moment),
    );
  };

/**
 * Ends the asking about a limit, when its request is closed. A follow-up handles the other tasks that waited for the answer. It
 * does not take the place of one that starts all pending tasks, which does the same first.
 */
export const endAsking =
  ({ request_id, waiting_tasks }: RequestRecord, moment: Moment): Edit =>
  (change) => {
    const { project } = change;
    const asked_limits = project.asked_limits.filter((asked) => asked.request_id !== request_id);
    const ended =
      asked_limits.length < project.asked_limits.length
        ? setProject({ asked_limits })(change)
        : change;
    if (waiting_tasks === 1 || isClosed(project)) return ended;
    const kind = project.follow_up?.kind === "start_pending" ? "start_pending" : "settle_joined";
    const follow_up = /* guard: an answer is for all who wait for it */ newFollowUp(kind, moment);
    return setProject({ follow_up })(ended);
  };
