import { agentNames } from "../catalog/load.ts";
import type { AgentType } from "../domain/project/agent.ts";
import { chainOf, type Models, modelsNamed } from "../settings/providers.ts";
import { settingsOf } from "./agent-settings.ts";
import { type AgentContext, AgentError, type AgentRequest, type AgentResult } from "./context.ts";
import type { ModelAgentDeps } from "./models/model-agent.ts";
import { openTokenRatios } from "./models/token-ratios.ts";
import type { OfflineDeps } from "./offline/offline-agent.ts";

type AgentDeps = Omit<ModelAgentDeps, "ratios"> &
  OfflineDeps & { models: Models; beforeModels: () => void };

type RunAgent = (
  type: AgentType,
  request: AgentRequest,
  agentContext: AgentContext,
) => Promise<AgentResult>;

/** @throws AgentError `unknown_agent` (not retryable) when the agent's file has been removed */
const checkDefined = (type: AgentType): void => {
  if (agentNames.includes(type)) return;
  throw new AgentError("unknown_agent", `The agent ${type} is not defined any more.`, {
    retryable: false,
  });
};

const runOffline =
  (deps: OfflineDeps): RunAgent =>
  async (type, request, agentContext) => {
    checkDefined(type);
    const { offlineAgent } = await import("./offline/offline-agent.ts");
    return offlineAgent(type, deps).run(request, agentContext);
  };

/**
 * Opens a function that runs an agent on the models that are configured for it, or offline when there are none. The code of
 * either is loaded when it is first needed.
 *
 * @param deps `beforeModels` is called before the models' SDK is loaded; without `runTests` the offline tester runs no code
 * @throws AgentError, from the function that it gives: `unknown_agent`, and what runModelAgent or offlineAgent throw
 */
export const openAgents = (deps: AgentDeps): RunAgent => {
  const ratios = openTokenRatios();
  return async (type, request, agentContext) => {
    const { models = [], retry_models = [] } = settingsOf(request, deps.definitions);
    const usual = chainOf(deps.models, type, models);
    if (usual.length === 0) return runOffline(deps)(type, request, agentContext);
    deps.beforeModels();
    const { runModelAgent } = await import("./models/model-agent.ts");
    const chains = { usual, retry: modelsNamed(deps.models, retry_models) };
    return runModelAgent({ ...deps, ratios }, chains, request, agentContext);
  };
};
