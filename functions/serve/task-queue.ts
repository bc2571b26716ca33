import { openAgents } from "../../lib/agents/registry.ts";
import { agentDefinitions } from "../../lib/definitions/load.ts";
import { TaskMessage } from "../../lib/domain/task-message.ts";
import { openBreaker } from "../../lib/services/breaker.ts";
import { type RunTaskDeps, runTask } from "../../lib/services/run-task.ts";
import { type Outside, openParts } from "../parts/parts.ts";

/** Handles one message of the task queue. */
export const serveTaskQueue = (given: Outside, agents = agentDefinitions) => {
  const { models } = given;
  const parts = openParts(given);
  const runAgent = openAgents({
    ...models,
    models,
    definitions: agents,
    now: parts.now,
    retryBaseMs: parts.retryBaseMs,
  });
  const breaker = openBreaker({ ...parts, callTimeoutMs: parts.timeoutMs });
  const deps: RunTaskDeps = { ...parts, runAgent, breaker };
  return async (body: unknown) => {
    const message = TaskMessage.parse(body);
    const { project_id, task_id, correlation_id } = message;
    const outcome = await runTask(deps, message);
    given.count(`task_${outcome}`);
    given.logger.info("task run", { project_id, task_id, correlation_id, outcome });
  };
};
