import type { Call } from "../../contracts/call.ts";
import type { Command } from "../../contracts/command.ts";
import type { Page } from "../../contracts/page.ts";
import { apply, emit, setProject } from "../../domain/change.ts";
import { Problem } from "../../domain/problem.ts";
import type { AgentStatus, AgentType } from "../../domain/project/agent.ts";
import { stateOf, statusOf } from "../../domain/project/agent.ts";
import type { AgentNames, ListProjects, LoadProject } from "../reads.ts";
import { agentsOf } from "./project-status.ts";

export type AgentDeps = {
  loadProject: LoadProject;
  listProjects: ListProjects;
  agentNames: AgentNames;
};

/** Gives what each agent does in one project. @throws Problem `not-found` */
export const projectAgents = async (
  deps: Pick<AgentDeps, "loadProject" | "agentNames">,
  call: Call,
  { project_id }: { project_id: string },
): Promise<AgentStatus[]> =>
  agentsOf(await deps.loadProject({ tenant: call.tenant, project_id }), deps.agentNames);

type Query = { agent_type?: AgentType | undefined; after: string | null; limit: number };

/** Gives what the agents do in all projects of the caller, sorted by type. A page covers `limit` projects. */
export const allAgents = async (
  deps: Pick<AgentDeps, "listProjects" | "agentNames">,
  call: Call,
  { agent_type, after, limit }: Query,
): Promise<Page<AgentStatus>> => {
  const { items, last } = await deps.listProjects(call.tenant, { before: after, limit });
  const statuses = items
    .flatMap((project) => agentsOf(project, deps.agentNames))
    .filter((status) => agent_type === undefined || status.agent_type === agent_type)
    .sort((a, b) => a.agent_type.localeCompare(b.agent_type));
  return { items: statuses, last };
};

/**
 * Resets an agent that is in error: it is idle again.
 *
 * @throws Problem from its decision: `conflict` when the agent is not in error
 */
export const resetAgent = ({
  project_id,
  agent_type,
}: {
  project_id: string;
  agent_type: AgentType;
}): Command<AgentStatus> => ({
  project_id,
  decide: (change, { now }) => {
    const { agents } = change.project;
    const before = agents[agent_type];
    const current = stateOf(before);
    if (!before || current !== "error") {
      throw new Problem("conflict", `The ${agent_type} is ${current}, not in error.`, {
        extensions: { current },
      });
    }
    const { error: _, ...reset } = { ...before, at: now };
    const status = statusOf(project_id, agent_type, reset);
    return {
      change: apply(
        change,
        setProject({ agents: { ...agents, [agent_type]: reset } }),
        emit({
          event_type: "agent_status_change",
          task_id: null,
          agent_type,
          data: {
            status: status.status,
            previous: current,
            current_task_id: status.current_task_id,
            error_message: null,
          },
        }),
      ),
      answer: () => status,
    };
  },
});
