import { settleLostCalls } from "../budget/settle-call.ts";
import { apply, type Edit, emit, moveAgent, put } from "../change.ts";
import { addMs, type Moment, truncate } from "../common.ts";
import { taskEvent } from "../events.ts";
import { openRequest } from "../request/open-request.ts";
import { failureOptions } from "../request/request.ts";
import { moveHandoff } from "./handoff.ts";
import { attemptsUsed, moveTask, type TaskError, type TaskRecord } from "./task.ts";

export type Failure = { error: TaskError; retryable: boolean; reason: "failed" | "lease_expired" };

/** Computes the milliseconds before the next attempt: 1, 2, 4 … times the base, and 0 when the worker was lost. */
const delayAfter = (task: TaskRecord, failure: Failure, baseMs: number): number => {
  if (failure.reason === "lease_expired") return 0;
  return baseMs * 2 ** Math.max(0, attemptsUsed(task) - 1);
};

const scheduleRetry =
  (task: TaskRecord, failure: Failure, baseMs: number, moment: Moment): Edit =>
  (change) => {
    const delay_ms = delayAfter(task, failure, baseMs);
    const { error, reason } = failure;
    return apply(
      change,
      put("tasks", {
        ...task,
        status: moveTask(task.status, "try_again"),
        error,
        progress_percentage: 0,
        updated_at: moment.now,
        lease_until: null,
        not_before: addMs(moment.now, delay_ms),
        enqueue_count: 0,
        enqueued_at: null,
      }),
      emit(
        taskEvent(task, "task_retry_scheduled", { attempt: task.attempt, delay_ms, reason, error }),
      ),
      moveAgent(task, "leave", moment),
    );
  };

const failTask =
  (task: TaskRecord, error: TaskError, moment: Moment): Edit =>
  (change) => {
    const failed: TaskRecord = {
      ...task,
      status: moveTask(task.status, "fail"),
      error,
      handoff: task.handoff && moveHandoff(task.handoff, "reject", moment.now),
      updated_at: moment.now,
      completed_at: moment.now,
      lease_until: null,
    };
    const question = `${task.name} failed after ${task.attempt} ${task.attempt === 1 ? "attempt" : "attempts"}: ${error.message} Try again, skip it, or cancel?`;
    return apply(
      change,
      put("tasks", failed),
      emit(taskEvent(failed, "task_failed", { attempt: failed.attempt, error })),
      moveAgent(failed, { fail: truncate(error.message, 300) }, moment),
      openRequest(
        failed,
        { kind: "failure", question, options: failureOptions, context: [] },
        moment,
      ),
    );
  };

/**
 * Ends an attempt without a result. Schedules the next attempt, or fails the task and asks a person.
 *
 * @param baseMs the wait before the first retry; each further wait is twice as long
 * @throws Problem `conflict` when the task is not working or waiting for a person
 */
export const failAttempt =
  (task: TaskRecord, failure: Failure, baseMs: number, moment: Moment): Edit =>
  (change) =>
    failure.retryable && task.attempt < task.max_attempts
      ? scheduleRetry(task, failure, baseMs, moment)(change)
      : failTask(task, failure.error, moment)(change);

const workerLost: Failure = {
  error: { code: "lease_expired", message: "The worker stopped answering." },
  retryable: true,
  reason: "lease_expired",
};

/**
 * Ends the attempt of a worker whose lease is over, and settles the model calls that the worker left open.
 *
 * @throws Problem `conflict` when the task is not working
 */
export const expireLease =
  (task: TaskRecord, moment: Moment): Edit =>
  (change) =>
    apply(
      change,
      failAttempt(task, workerLost, 0, moment),
      settleLostCalls(task.task_id, moment.now),
    );
