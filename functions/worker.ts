import { agentFor } from "../lib/agents/registry.ts";
import { TaskMessage } from "../lib/domain/task-message.ts";
import { type RunTaskDeps, runTask } from "../lib/services/run-task.ts";
import { openBatch } from "./parts/batch.ts";
import { type Outside, openParts, outside } from "./parts/parts.ts";

/** Handles one message of the task queue. `given` is what a test brings along. */
export const openWorker = (given: Outside) => {
  const deps: RunTaskDeps = {
    ...openParts(given),
    runAgent: (type, request, tools) => agentFor(type).run(request, tools),
  };
  return async (message: TaskMessage) => {
    const { project_id, task_id, correlation_id } = message;
    const outcome = await runTask(deps, message);
    given.logger.info("task run", { project_id, task_id, correlation_id, outcome });
  };
};

const given = outside();
const run = openWorker(given);

export const handler = openBatch(given.logger, (message) => run(TaskMessage.parse(message)));
