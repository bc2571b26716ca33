import type { TaskMessage } from "../../contracts/queue-messages.ts";
import type { TaskRecord } from "../../domain/task/task.ts";

export type EnqueueDeps = {
  sendTask: (message: TaskMessage, delayMs: number) => Promise<void>;
  now: () => Date;
};

/** Tells the task queue of a pending task, to be delivered when it may start. */
export const enqueueTask = (
  { sendTask, now }: EnqueueDeps,
  tenant: string,
  { project_id, task_id, correlation_id, not_before }: TaskRecord,
): Promise<void> => {
  const delayMs = not_before ? Date.parse(not_before) - now().getTime() : 0;
  return sendTask({ kind: "task", tenant, project_id, task_id, correlation_id }, delayMs);
};
