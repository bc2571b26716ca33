import type { TaskRecord } from "../../domain/task/task.ts";
import type { Committed } from "../commit/commit.ts";
import { type EnqueueDeps, enqueueTask } from "../commit/enqueue-task.ts";
import type { Reaction } from "./reaction.ts";

/** Tasks that this commit made ready to start. */
const readyTasks = ({ after, changedIds }: Committed<unknown>): TaskRecord[] =>
  after.project.status === "active"
    ? Object.values(after.tasks).filter(
        (task) => changedIds.has(task.task_id) && task.status === "pending",
      )
    : [];

/** The task queue is told of each task that became ready. What does not arrive, the sweeper enqueues again. */
export const enqueueTasks = (deps: EnqueueDeps): Reaction => ({
  name: "enqueue tasks",
  awaited: "briefly",
  of: (committed) =>
    readyTasks(committed).map((task) => () => enqueueTask(deps, committed.after.tenant, task)),
});
