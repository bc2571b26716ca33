import { agentNames } from "../catalog/load.ts";
import type { AgentType } from "../domain/project/agent.ts";
import { chainOf, type Models } from "../settings/providers.ts";
import { settingsOf } from "./agent-settings.ts";
import {
  type Agent,
  AgentError,
  type AgentRequest,
  type AgentResult,
  type AgentTools,
} from "./context.ts";
import type { ModelAgentDeps } from "./models/model-agent.ts";
import { offlineAgent } from "./offline/offline-agent.ts";

/**
 * Who does the work of a type where no model is configured.
 *
 * @throws AgentError `unknown_agent` when the type's definition is gone
 */
const agentFor = (type: AgentType): Agent => {
  if (agentNames.includes(type)) return offlineAgent(type);
  throw new AgentError("unknown_agent", `The agent ${type} is not defined any more.`, {
    retryable: false,
  });
};

/**
 * Runs an agent on the models that are configured for it, or offline where none is. What speaks with models is loaded
 * when the first one is asked.
 *
 * @param deps `beforeModels` is called before it is loaded
 */
export const openAgents =
  (deps: ModelAgentDeps & { models: Models; beforeModels: () => void }) =>
  async (type: AgentType, request: AgentRequest, tools: AgentTools): Promise<AgentResult> => {
    const chain = chainOf(deps.models, type, settingsOf(request, deps.definitions).models ?? []);
    if (chain.length === 0) return agentFor(type).run(request, tools);
    deps.beforeModels();
    const { runModelAgent } = await import("./models/model-agent.ts");
    return runModelAgent(deps, chain, request, tools);
  };
