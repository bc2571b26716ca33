import * as z from "zod";
import { DefinitionName, Id, Instant } from "../common.ts";

/** The name of an agent that exists or existed: a project may outlive its agent's file. */
export const AgentType = DefinitionName.meta({
  id: "AgentType",
  description: "An agent's name. An agent that is not defined any more is still named here.",
});
export type AgentType = z.infer<typeof AgentType>;

export const AgentState = z
  .enum(["idle", "working", "waiting_for_hitl", "error"])
  .meta({ id: "AgentState" });
export type AgentState = z.infer<typeof AgentState>;

export const AgentStatus = z
  .object({
    agent_type: AgentType,
    status: AgentState,
    project_id: Id,
    current_task_id: Id.nullable(),
    error_message: z.string().nullable(),
    last_activity: Instant.nullable(),
  })
  .meta({ id: "AgentStatus", description: "What one agent is doing in one project." });
export type AgentStatus = z.infer<typeof AgentStatus>;

/** What a project stores about an agent. It is just enough to compute the agent's status, as it is written often. */
export const AgentActivity = z.object({
  /** The tasks that it works on. */
  working: z.array(Id).optional(),
  /** The tasks that wait for a person. */
  waiting: z.array(Id).optional(),
  /** The message of its last failure, until it starts again or is reset. */
  error: z.string().optional(),
  at: Instant,
});
export type AgentActivity = z.infer<typeof AgentActivity>;

/** Computes an agent's state. An agent without activity is idle. */
export const stateOf = (activity: AgentActivity | undefined): AgentState => {
  if (activity?.working?.length) return "working";
  if (activity?.error) return "error";
  return activity?.waiting?.length ? "waiting_for_hitl" : "idle";
};

/** Makes an agent's status as callers see it. */
export const statusOf = (
  project_id: string,
  agent_type: AgentType,
  activity: AgentActivity | undefined,
): AgentStatus => ({
  agent_type,
  project_id,
  status: stateOf(activity),
  current_task_id: activity?.working?.at(-1) ?? activity?.waiting?.at(-1) ?? null,
  error_message: activity?.error ?? null,
  last_activity: activity?.at ?? null,
});
