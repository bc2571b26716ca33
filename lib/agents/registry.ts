import type { AgentType } from "../domain/agent.ts";
import type { Agent } from "./agent.ts";
import { offlineAgent } from "./offline/offline-agent.ts";

/** Who does the work of each type. Another kind of agent is one more file and a changed row here. */
export const agents = {
  orchestrator: offlineAgent("orchestrator"),
  analyst: offlineAgent("analyst"),
  architect: offlineAgent("architect"),
  coder: offlineAgent("coder"),
  tester: offlineAgent("tester"),
  deployer: offlineAgent("deployer"),
} as const satisfies Record<AgentType, Agent>;

export const agentFor = (type: AgentType): Agent => agents[type];
