import type { Change, Needs } from "../domain/change.ts";
import type { ProjectKey } from "../domain/common.ts";
import type { TaskRecord } from "../domain/task.ts";
import type { TaskMessage } from "../domain/task-message.ts";

export type RemindDeps = {
  touchTask: (tenant: string, task: TaskRecord, options?: { parked?: boolean }) => Promise<boolean>;
  sendTask: (message: TaskMessage, delayMs: number) => Promise<void>;
  now: () => Date;
};

/** Tells the queue again of a pending task. The next reminder is set first, so that it is never lost. */
const remind = async (deps: RemindDeps, tenant: string, task: TaskRecord): Promise<boolean> => {
  const told = { ...task, sends: task.sends + 1, told_at: deps.now().toISOString() };
  if (!(await deps.touchTask(tenant, told))) return false;
  const { project_id, task_id, correlation_id } = task;
  const delayMs = task.not_before ? Date.parse(task.not_before) - deps.now().getTime() : 0;
  await deps.sendTask({ tenant, project_id, task_id, correlation_id }, delayMs);
  return true;
};

const mostTries = 5;

/** Reminds of a task, and reads it again where it changed meanwhile, for as long as it is pending. */
export const remindSurely = async (
  deps: RemindDeps & { load: (key: ProjectKey, needs: Needs) => Promise<Change> },
  key: ProjectKey,
  task: TaskRecord,
): Promise<void> => {
  let current: TaskRecord | undefined = task;
  for (let tries = 0; tries < mostTries && current?.status === "pending"; tries += 1) {
    if (await remind(deps, key.tenant, current)) return;
    ({ [task.task_id]: current } = (await deps.load(key, { tasks: [task.task_id] })).tasks);
  }
};
