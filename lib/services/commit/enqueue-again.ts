import type { TaskMessage } from "../../contracts/queue-messages.ts";
import type { Change, Needs } from "../../domain/change.ts";
import type { ProjectKey } from "../../domain/common.ts";
import type { WaitTimes } from "../../domain/records.ts";
import { type TaskRecord, taskDue } from "../../domain/task/task.ts";
import type { TouchTask } from "../reads.ts";

export type RemindDeps = WaitTimes & {
  touchTask: TouchTask;
  sendTask: (message: TaskMessage, delayMs: number) => Promise<void>;
  now: () => Date;
};

const mostTries = 5;

const send = ({ sendTask, now }: RemindDeps, tenant: string, task: TaskRecord): Promise<void> => {
  const { project_id, task_id, correlation_id, not_before } = task;
  const delayMs = not_before ? Date.parse(not_before) - now().getTime() : 0;
  return sendTask({ tenant, project_id, task_id, correlation_id }, delayMs);
};

/** Sets the next reminder. False when the task has changed since it was read. */
const note = (
  { touchTask, enqueueAgainMs, now }: RemindDeps,
  tenant: string,
  task: TaskRecord,
): Promise<boolean> => {
  const noted = { ...task, sends: task.sends + 1, told_at: now().toISOString() };
  return touchTask(tenant, noted, taskDue(noted, enqueueAgainMs));
};

/**
 * Tells the queue again of a pending task, and notes it; a task that changed meanwhile is read again for that. Only
 * what was sent is noted: while the queue does not answer, each sweep tries anew.
 */
export const remindSurely = async (
  deps: RemindDeps & { load: (key: ProjectKey, needs: Needs) => Promise<Change> },
  key: ProjectKey,
  task: TaskRecord,
): Promise<void> => {
  await send(deps, key.tenant, task);
  let current: TaskRecord | undefined = task;
  for (let tries = 0; tries < mostTries && current?.status === "pending"; tries += 1) {
    if (await note(deps, key.tenant, current)) return;
    ({ [task.task_id]: current } = (await deps.load(key, { tasks: [task.task_id] })).tasks);
  }
};
