import { apply, type Edit, emit, moveAgent, put, setProject } from "../change.ts";
import type { Moment } from "../common.ts";
import { taskEvent } from "../events.ts";
import { runAgain } from "../task/run-again.ts";
import { moveTask, type TaskRecord } from "../task/task.ts";

/**
 * Fails a task because a person rejected what it asked for. It runs again from the start when the project is resumed.
 *
 * @throws Problem `conflict` when the task does not wait for a person
 */
export const failRejected =
  (task: TaskRecord, { now }: Moment): Edit =>
  (change) => {
    const error = { code: "rejected", message: "A person rejected what the task asked for." };
    const failed: TaskRecord = {
      ...task,
      status: moveTask(task.status, "fail"),
      error,
      pending_request: null,
      waiting_for: null,
      updated_at: now,
      completed_at: now,
    };
    return apply(
      change,
      put("tasks", failed),
      setProject({ rejected: [...change.project.rejected, task.task_id] }),
      emit(taskEvent(task, "task_failed", { attempt: task.attempt, error })),
    );
  };

const settleOne =
  (id: string, moment: Moment): Edit =>
  (change) => {
    const task = change.tasks[id];
    const request = task?.pending_request ? change.requests[task.pending_request] : undefined;
    if (task?.status !== "waiting_for_hitl" || !request || request.status === "pending") {
      return change;
    }
    if (request.status === "rejected") {
      return apply(change, failRejected(task, moment), moveAgent(task, "leave", moment));
    }
    const isAnswered = request.status === "approved" || request.status === "amended";
    const reason = isAnswered ? "answered" : "budget";
    return runAgain(task, { move: "go_on", reason }, moment)(change);
  };

/**
 * Does to tasks what the end of the request has done to the task that had asked: they go on after an approval or an amendment,
 * fail after a rejection, and look for money again when nobody answered. Tasks whose request is still open wait on.
 */
export const settleJoined =
  (ids: readonly string[], moment: Moment): Edit =>
  (change) =>
    apply(change, ...ids.map((id) => settleOne(id, moment)));
