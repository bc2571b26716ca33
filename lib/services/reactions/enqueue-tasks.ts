import type { TaskRecord } from "../../domain/task/task.ts";
import type { Committed } from "../commit/commit.ts";
import { type EnqueueDeps, enqueueTask } from "../commit/enqueue-task.ts";
import type { Reaction } from "./reaction.ts";

/** Finds the tasks that this commit made ready to start. One that waits for money is not. */
const readyTasks = ({ after, changedIds }: Committed<unknown>): TaskRecord[] =>
  after.project.status === "active"
    ? Object.values(after.tasks).filter(
        (task) =>
          changedIds.has(task.task_id) && task.status === "pending" && task.waiting_for === null,
      )
    : [];

/** Enqueues each task that became ready. The sweeper enqueues it again when the message does not arrive. */
export const enqueueTasks = (deps: EnqueueDeps): Reaction => ({
  name: "enqueue tasks",
  awaited: "briefly",
  of: (committed) =>
    readyTasks(committed).map((task) => () => enqueueTask(deps, committed.after.tenant, task)),
});
