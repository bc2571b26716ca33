import { agentDefinitions } from "../catalog/load.ts";
import type { AgentDefinition } from "../catalog/schema.ts";
import type { Step } from "../domain/workflow/workflow.ts";
import type { AgentRequest } from "./context.ts";

export type AgentSettings = Pick<
  AgentDefinition,
  | "models"
  | "retry_models"
  | "temperature"
  | "reasoning_effort"
  | "provider_options"
  | "max_output_tokens"
  | "tools"
  | "output_schema"
> & {
  /** Undefined when the agent's file has been removed. */
  agent: AgentDefinition | undefined;
  /** Undefined for a task outside a workflow. */
  step: Step | undefined;
};

/** What the agent files say, by agent type. */
export type AgentFiles = Readonly<Record<string, AgentDefinition>>;

/**
 * Gives the settings of a task: each is the step's, or the agent's where the step has none. Only `output_schema` is never the
 * agent's while there is a step.
 */
export const settingsOf = (
  { task }: AgentRequest,
  definitions: AgentFiles = agentDefinitions,
): AgentSettings => {
  const agent = definitions[task.agent_type];
  const step = task.step ?? undefined;
  const both = { ...agent, ...step };
  const { models, retry_models, temperature, max_output_tokens, tools } = both;
  const { reasoning_effort, provider_options } = both;
  const { output_schema } = step ?? agent ?? {};
  return {
    agent,
    step,
    ...(models && { models }),
    ...(retry_models && { retry_models }),
    ...(temperature !== undefined && { temperature }),
    ...(reasoning_effort && { reasoning_effort }),
    ...(provider_options && { provider_options }),
    ...(max_output_tokens !== undefined && { max_output_tokens }),
    ...(tools && { tools }),
    ...(output_schema && { output_schema }),
  };
};
