import type { Change, Needs } from "../../domain/change.ts";
import type { ProjectKey } from "../../domain/common.ts";
import type { WaitTimes } from "../../domain/records.ts";
import { type TaskRecord, taskDue } from "../../domain/task/task.ts";
import type { TouchTask } from "../reads.ts";
import { type EnqueueDeps, enqueueTask } from "./enqueue-task.ts";

export type EnqueueAgainDeps = EnqueueDeps &
  WaitTimes & {
    load: (key: ProjectKey, needs: Needs) => Promise<Change>;
    touchTask: TouchTask;
  };

const maxTries = 5;

/** Writes on the task that it was enqueued again, or looked at in vain. Gives false when the task has changed since it was read. */
export const noteEnqueued = (
  { touchTask, enqueueAgainMs, now }: EnqueueAgainDeps,
  tenant: string,
  task: TaskRecord,
): Promise<boolean> => {
  const { enqueue_count } = task;
  const enqueued = { ...task, enqueue_count: enqueue_count + 1, enqueued_at: now().toISOString() };
  return touchTask(tenant, enqueued, taskDue(enqueued, enqueueAgainMs));
};

/**
 * Enqueues a pending task again, and writes that on the task; when the task changed meanwhile, it is read again first.
 * The message is sent before the note: while the queue does not answer, each sweep tries again.
 *
 * @throws an error of the queue or the table
 */
export const enqueueAgain = async (
  deps: EnqueueAgainDeps,
  key: ProjectKey,
  task: TaskRecord,
): Promise<void> => {
  await enqueueTask(deps, key.tenant, task);
  let current: TaskRecord | undefined = task;
  for (let tries = 0; tries < maxTries && current?.status === "pending"; tries += 1) {
    if (await noteEnqueued(deps, key.tenant, current)) return;
    ({ [task.task_id]: current } = (await deps.load(key, { tasks: [task.task_id] })).tasks);
  }
};
