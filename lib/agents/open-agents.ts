import { agentNames } from "../catalog/load.ts";
import type { AgentType } from "../domain/project/agent.ts";
import { chainOf, type Models } from "../settings/providers.ts";
import { settingsOf } from "./agent-settings.ts";
import { type AgentContext, AgentError, type AgentRequest, type AgentResult } from "./context.ts";
import type { ModelAgentDeps } from "./models/model-agent.ts";

type RunAgent = (
  type: AgentType,
  request: AgentRequest,
  agentContext: AgentContext,
) => Promise<AgentResult>;

/** @throws AgentError `unknown_agent` when the type's definition is gone */
const checkDefined = (type: AgentType): void => {
  if (agentNames.includes(type)) return;
  throw new AgentError("unknown_agent", `The agent ${type} is not defined any more.`, {
    retryable: false,
  });
};

const runOffline: RunAgent = async (type, request, agentContext) => {
  checkDefined(type);
  const { offlineAgent } = await import("./offline/offline-agent.ts");
  return offlineAgent(type).run(request, agentContext);
};

/**
 * Runs an agent on the models that are configured for it, or offline where none is. Either is loaded when it is first needed.
 *
 * @param deps `beforeModels` is called before the SDK of the models is loaded
 */
export const openAgents =
  (deps: ModelAgentDeps & { models: Models; beforeModels: () => void }): RunAgent =>
  async (type, request, agentContext) => {
    const chain = chainOf(deps.models, type, settingsOf(request, deps.definitions).models ?? []);
    if (chain.length === 0) return runOffline(type, request, agentContext);
    deps.beforeModels();
    const { runModelAgent } = await import("./models/model-agent.ts");
    return runModelAgent(deps, chain, request, agentContext);
  };
