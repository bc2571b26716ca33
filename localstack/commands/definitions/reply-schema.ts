import { replyFormat } from "../../../lib/agents/models/model-reply.ts";
import { contentSchema } from "../../../lib/agents/output-schemas.ts";
import type { Definitions } from "../../../lib/catalog/schema.ts";

/**
 * Gives the JSON Schema of a model reply for a step (`sdlc/project_planning`) or, outside a workflow, of an agent
 * (`analyst`).
 *
 * @throws Error when no step and no agent has this name
 */
export const replySchemaOf = (
  { agentDefinitions, workflowDefinitions }: Definitions,
  name: string,
): { [key: string]: unknown } => {
  const [first = "", key] = name.split("/");
  const step = workflowDefinitions[first]?.steps.find((each) => each.key === key);
  if (step) return replyFormat(contentSchema(step, step.output)).json;
  const agent = agentDefinitions[first];
  if (agent && key === undefined) return replyFormat(contentSchema(agent, "agent_output")).json;
  throw new Error(
    `There is no step or agent ${name}: name one like sdlc/project_planning or analyst.`,
  );
};
