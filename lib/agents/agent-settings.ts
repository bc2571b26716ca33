import { agentDefinitions } from "../catalog/load.ts";
import type { AgentDefinition } from "../catalog/schema.ts";
import type { Step } from "../domain/workflow/workflow.ts";
import type { AgentRequest } from "./context.ts";

export type AgentSettings = Pick<
  AgentDefinition,
  "models" | "temperature" | "max_output_tokens" | "tools" | "output_schema"
> & {
  /** Undefined for an agent whose file is gone. */
  agent: AgentDefinition | undefined;
  /** Undefined outside a workflow. */
  step: Step | undefined;
};

/** The agents' files, by agent type. */
export type AgentFiles = Readonly<Record<string, AgentDefinition>>;

/**
 * How the files say that a task is to be done: what its step does not say, its agent does. Only what is put out is the
 * step's own to say.
 */
export const settingsOf = (
  { task }: AgentRequest,
  definitions: AgentFiles = agentDefinitions,
): AgentSettings => {
  const agent = definitions[task.agent_type];
  const step = task.step ?? undefined;
  const { models, temperature, max_output_tokens, tools } = { ...agent, ...step };
  const { output_schema } = step ?? agent ?? {};
  return {
    agent,
    step,
    ...(models && { models }),
    ...(temperature !== undefined && { temperature }),
    ...(max_output_tokens !== undefined && { max_output_tokens }),
    ...(tools && { tools }),
    ...(output_schema && { output_schema }),
  };
};
