import type { TaskRecord } from "../domain/task.ts";
import type { TaskMessage } from "../domain/task-message.ts";

export type RemindDeps = {
  touchTask: (tenant: string, task: TaskRecord, options?: { parked?: boolean }) => Promise<boolean>;
  sendTask: (message: TaskMessage, delayMs: number) => Promise<void>;
  now: () => Date;
};

/** Tells the queue again of a pending task. The next reminder is set first, so that it is never lost. */
export const remind = async (
  deps: RemindDeps,
  tenant: string,
  task: TaskRecord,
): Promise<boolean> => {
  const told = { ...task, sends: task.sends + 1, told_at: deps.now().toISOString() };
  if (!(await deps.touchTask(tenant, told))) return false;
  const { project_id, task_id, correlation_id } = task;
  await deps.sendTask({ tenant, project_id, task_id, correlation_id }, 0);
  return true;
};
