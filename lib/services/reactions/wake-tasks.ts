import type { EnqueueDeps } from "../commit/enqueue-task.ts";
import type { Reaction } from "./reaction.ts";

/**
 * Enqueues the tasks for which money came back, also those of other projects. The sweeper finds one whose message does not
 * arrive.
 */
export const wakeTasks = ({ sendTask }: Pick<EnqueueDeps, "sendTask">): Reaction => ({
  name: "wake tasks",
  awaited: "briefly",
  of: ({ after: { tenant }, woken, correlation_id }) =>
    woken.map(
      ({ project_id, task_id }) =>
        () =>
          sendTask({ kind: "task", tenant, project_id, task_id, correlation_id }, 0),
    ),
});
