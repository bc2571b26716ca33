import { leaveLine } from "../budget/line.ts";
import { apply, type Edit, emit, moveAgent, put, setProject } from "../change.ts";
import type { Moment } from "../common.ts";
import { taskEvent } from "../events.ts";
import { cancelPendingRequest } from "../request/open-request.ts";
import { moveHandoff } from "./handoff.ts";
import { moveTask, type TaskRecord } from "./task.ts";

const dropHandoff = (task: TaskRecord, now: string) =>
  task.handoff && task.handoff.status !== "rejected" && task.handoff.status !== "completed"
    ? moveHandoff(task.handoff, "reject", now)
    : task.handoff;

/**
 * Ends a task without a result. A worker that still runs it can then write nothing but the cost of its last model call.
 *
 * @throws Problem `conflict` when the task is completed or cancelled already
 */
export const cancelTask =
  (task: TaskRecord, reason: string, moment: Moment): Edit =>
  (change) => {
    const cancelled: TaskRecord = {
      ...task,
      status: moveTask(task.status, "cancel"),
      waiting_for: null,
      handoff: dropHandoff(task, moment.now),
      pending_request: null,
      updated_at: moment.now,
      completed_at: moment.now,
      lease_until: null,
      not_before: null,
    };
    const rejected = change.project.rejected.filter((id) => id !== task.task_id);
    return apply(
      change,
      leaveLine(task),
      cancelPendingRequest(task, reason, moment),
      put("tasks", cancelled),
      setProject({ rejected }),
      emit(taskEvent(task, "task_cancelled", { attempt: task.attempt, reason })),
      moveAgent(task, "leave", moment),
    );
  };
