import { openAgents } from "../../lib/agents/open-agents.ts";
import { agentDefinitions } from "../../lib/catalog/load.ts";
import type { TaskMessage } from "../../lib/contracts/queue-messages.ts";
import { type BreakerDeps, openBreaker } from "../../lib/services/worker/breaker.ts";
import type { RunAgent } from "../../lib/services/worker/mediate.ts";
import { type RunTaskDeps, runTask } from "../../lib/services/worker/run-task.ts";
import { openDependencies, type Platform } from "../wiring/platform.ts";
import { prepareAiSdk } from "../wiring/prepare-ai-sdk.ts";
import { localTestRunner } from "../wiring/test-runner.ts";

/** Opens the configured agents. Their definitions are the agent files, unless a test brings others. */
export const agentsOf = (
  { models, config, clock, logger }: Platform,
  definitions = agentDefinitions,
): RunAgent =>
  openAgents({
    ...models,
    models,
    beforeModels: prepareAiSdk,
    onMcpNotes: (server, notes) => logger.warn("mcp server has faults", { server, notes }),
    runTests: localTestRunner(),
    definitions,
    now: clock.now,
    retryBaseMs: config.RETRY_BASE_SECONDS * 1_000,
    onMended: (model, mends) => logger.info("answer mended", { model, mends: mends.slice(0, 20) }),
  });

/**
 * Handles one message of the task queue.
 *
 * @param runAgent replaces the configured agents in tests
 */
export const serveTaskQueue = (platform: Platform, runAgent: RunAgent = agentsOf(platform)) => {
  const deps = openDependencies(platform);
  const onError: BreakerDeps["onError"] = (error, about) =>
    platform.logger.error("provider state not read or written", {
      ...about,
      error: error as Error,
    });
  const onLesson: BreakerDeps["onLesson"] = (provider, { until, ...lesson }) =>
    platform.logger.warn("provider refused an option", { provider, ...lesson, until });
  const onDoubt: BreakerDeps["onDoubt"] = (provider, doubt) =>
    platform.logger.warn("count of tokens not believed", { provider, ...doubt });
  const breaker = openBreaker({
    ...deps,
    onError,
    onLesson,
    onDoubt,
    callTimeoutMs: deps.timeoutMs,
  });
  const onFailed: RunTaskDeps["onFailed"] = (error, attempt) =>
    platform.logger.warn("attempt failed", { attempt, error: error as Error });
  const onTranscriptLost: RunTaskDeps["onTranscriptLost"] = (call_id, error) =>
    platform.logger.warn("transcript not kept", { call_id, error: error as Error });
  const runDeps: RunTaskDeps = { ...deps, runAgent, breaker, onFailed, onTranscriptLost };
  return async (message: TaskMessage) => {
    const outcome = await runTask(runDeps, message);
    platform.count(`task_${outcome}`);
    platform.logger.info("task run", { outcome });
  };
};
