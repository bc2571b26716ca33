import * as z from "zod";
import { AgentStatus, AgentType } from "../../domain/project/agent.ts";
import { NextCursor, noBody, paging, projectPath } from "../fields.ts";
import { defineCommand, defineQuery } from "../route.ts";
import { DefinedAgent } from "./defined.ts";

const tag = "Agents";
const agentType = DefinedAgent.meta({ description: "The agent." });

export const projectAgentsRoute = defineQuery({
  operationId: "listProjectAgents",
  path: "/api/v1/projects/{project_id}/agents",
  summary: "What each agent does in one project",
  tag,
  access: "viewer",
  request: z.object({ path: projectPath }),
  response: z.object({ agents: z.array(AgentStatus) }),
  status: 200,
  problems: [],
});

export const allAgentsRoute = defineQuery({
  operationId: "listAgents",
  path: "/api/v1/agents/status",
  summary: "What the agents do in all the caller's projects, by agent type",
  tag,
  access: "viewer",
  request: z.object({ query: z.strictObject(paging) }),
  response: z.object({ agents: z.array(AgentStatus), next_cursor: NextCursor }),
  status: 200,
  problems: [],
});

export const agentTypeRoute = defineQuery({
  operationId: "listAgentsOfType",
  path: "/api/v1/agents/status/{agent_type}",
  summary: "What the agents of one type do in all the caller's projects",
  tag,
  access: "viewer",
  request: z.object({
    path: z.strictObject({ agent_type: agentType }),
    query: z.strictObject(paging),
  }),
  response: z.object({
    agent_type: AgentType,
    agents: z.array(AgentStatus),
    next_cursor: NextCursor,
  }),
  status: 200,
  problems: [],
});

export const resetAgentRoute = defineCommand({
  operationId: "resetAgent",
  method: "post",
  path: "/api/v1/projects/{project_id}/agents/{agent_type}/reset",
  summary: "Take an agent out of its error",
  tag,
  access: "operator",
  request: z.object({ path: projectPath.extend({ agent_type: agentType }), body: noBody }),
  response: AgentStatus,
  status: 200,
  problems: ["conflict"],
  idempotent: true,
  ifMatch: null,
});

export const agentRoutes = [
  projectAgentsRoute,
  allAgentsRoute,
  agentTypeRoute,
  resetAgentRoute,
] as const;
