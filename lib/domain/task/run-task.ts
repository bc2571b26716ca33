import { leaveLine } from "../budget/line.ts";
import { apply, type Change, type Edit, emit, moveAgent, put } from "../change.ts";
import { addMs, type Moment, truncate } from "../common.ts";
import { taskEvent } from "../events.ts";
import { isClosed } from "../project/project.ts";
import { moveHandoff } from "./handoff.ts";
import { moveTask, type TaskRecord } from "./task.ts";

/** Tells whether an attempt still owns the task. Every write of a worker makes this fencing check. */
export const holdsTask = (task: TaskRecord | undefined, attempt: number): task is TaskRecord =>
  /* guard: fencing */ task?.status === "working" && task.attempt === attempt;

/** Finds the task in the change. Gives null when `attempt` no longer owns the task, or when the project is closed. */
export const findLeased = (
  { project, tasks }: Change,
  { task_id, attempt }: Pick<TaskRecord, "task_id" | "attempt">,
): TaskRecord | null => {
  const task = tasks[task_id];
  return !isClosed(project) && holdsTask(task, attempt) ? task : null;
};

/** Tells whether a working task's lease has ended. */
export const leaseIsOver = (task: TaskRecord, now: string): boolean =>
  /* guard: leases end */ task.status === "working" &&
  task.lease_until !== null &&
  task.lease_until <= now;

/** Tells whether a task may start: it is pending and its retry delay is over. */
export const mayStart = (task: TaskRecord, now: string): boolean =>
  /* guard: claim condition */ task.status === "pending" &&
  (task.not_before === null || task.not_before <= now);

/**
 * Starts the task's next attempt, with a lease.
 *
 * @param leaseMs how long the lease lasts
 * @throws Problem `conflict` when the task is not pending
 */
export const startTask =
  (task: TaskRecord, leaseMs: number, moment: Moment): Edit =>
  (change) => {
    const { now } = moment;
    const started: TaskRecord = {
      ...task,
      status: moveTask(task.status, "start"),
      attempt: task.attempt + 1,
      progress_percentage: 0,
      error: null,
      waiting_for: null,
      handoff: task.handoff && moveHandoff(task.handoff, "accept", now),
      started_at: task.started_at ?? now,
      updated_at: now,
      lease_until: addMs(now, leaseMs),
      not_before: null,
      enqueue_count: 0,
      enqueued_at: null,
    };
    return apply(
      change,
      leaveLine(task),
      put("tasks", started),
      emit(taskEvent(started, "task_started", { attempt: started.attempt })),
      moveAgent(started, "start", moment),
    );
  };

/** Stores how far the agent has come, and renews the lease for `leaseMs` milliseconds. */
export const reportProgress =
  (
    task: TaskRecord,
    progress: { percentage: number; message: string },
    leaseMs: number,
    { now }: Moment,
  ): Edit =>
  (change) => {
    const percentage = Math.min(99, Math.max(0, Math.floor(progress.percentage) || 0));
    const message = truncate(progress.message, 2_000);
    return apply(
      change,
      put("tasks", {
        ...task,
        progress_percentage: percentage,
        updated_at: now,
        lease_until: addMs(now, leaseMs),
      }),
      emit(
        taskEvent(task, "task_progress", {
          attempt: task.attempt,
          progress_percentage: percentage,
          message,
        }),
        taskEvent(task, "agent_chat_message", { message }),
      ),
    );
  };
