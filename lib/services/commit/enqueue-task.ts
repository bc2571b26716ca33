import type { TaskMessage } from "../../contracts/queue-messages.ts";
import type { TaskRecord } from "../../domain/task/task.ts";

export type EnqueueDeps = {
  sendTask: (message: TaskMessage, delayMs: number) => Promise<void>;
  now: () => Date;
};

/** Sends the message of a pending task to the task queue, delayed until the task may start. @throws an error of the queue */
export const enqueueTask = (
  { sendTask, now }: EnqueueDeps,
  tenant: string,
  { project_id, task_id, correlation_id, not_before }: TaskRecord,
): Promise<void> => {
  const delayMs = not_before ? Date.parse(not_before) - now().getTime() : 0;
  return sendTask({ kind: "task", tenant, project_id, task_id, correlation_id }, delayMs);
};
