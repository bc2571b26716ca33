import { apply, type Change, type Edit, emit, moveAgent, put } from "../change.ts";
import { addMs, type Moment, truncate } from "../common.ts";
import { taskEvent } from "../events.ts";
import { isClosed } from "../project/project.ts";
import { moveHandoff } from "./handoff.ts";
import { moveTask, type TaskRecord } from "./task.ts";

/** Whether an attempt still owns the task: the fencing check of every write a worker makes. */
export const holdsTask = (task: TaskRecord | undefined, attempt: number): task is TaskRecord =>
  /* guard: fencing */ task?.status === "working" && task.attempt === attempt;

/** The task as `change` has it, while `attempt` still owns it and the project runs on; otherwise null. */
export const findLeased = (
  { project, tasks }: Change,
  { task_id, attempt }: Pick<TaskRecord, "task_id" | "attempt">,
): TaskRecord | null => {
  const task = tasks[task_id];
  return !isClosed(project) && holdsTask(task, attempt) ? task : null;
};

export const leaseIsOver = (task: TaskRecord, now: string): boolean =>
  /* guard: leases end */ task.status === "working" &&
  task.lease_until !== null &&
  task.lease_until <= now;

/** Whether a pending task may start: not before its retry delay is over. */
export const mayStart = (task: TaskRecord, now: string): boolean =>
  /* guard: claim condition */ task.status === "pending" &&
  (task.not_before === null || task.not_before <= now);

/** The next attempt takes the task, with a lease. */
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
      put("tasks", started),
      emit(taskEvent(started, "task_started", { attempt: started.attempt })),
      moveAgent(started, "start", moment),
    );
  };

/** The agent says how far it is; that also extends the lease. */
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
