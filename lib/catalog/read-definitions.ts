import { checkWorkflow } from "./check-workflow.ts";
import { DefinitionError, type Mistake } from "./mistakes.ts";
import { readAgents } from "./read-agents.ts";
import { readWorkflows } from "./read-workflows.ts";
import type { Definitions } from "./schema.ts";

/** The workflow of a project that names none. */
const defaultWorkflow = "sdlc";

/**
 * Reads and checks the folders `agents` and `workflows` of a directory.
 *
 * @throws DefinitionError naming every mistake in them
 * @throws Error when a file cannot be read
 */
export const readDefinitions = (directory: string): Definitions => {
  const mistakes: Mistake[] = [];
  const report = (mistake: Mistake) => void mistakes.push(mistake);
  const { agents, names } = readAgents(directory, report);
  const workflows = readWorkflows(directory, report);
  for (const workflow of workflows) checkWorkflow(workflow, names, report);
  if (names.length === 0) report({ file: "agents", field: "", reason: "There is no agent" });
  if (!workflows.some(({ definition }) => definition.name === defaultWorkflow))
    report({
      file: "workflows",
      field: "",
      reason: `There is no ${defaultWorkflow}, the workflow of a project that names none`,
    });
  if (mistakes.length > 0) throw new DefinitionError(directory, mistakes);
  return {
    agentNames: agents.map(({ agent_type }) => agent_type),
    agentModels: Object.fromEntries(
      agents.map(({ agent_type, models = [] }) => [agent_type, models]),
    ),
    agentDefinitions: Object.fromEntries(agents.map((agent) => [agent.agent_type, agent])),
    workflowDefinitions: Object.fromEntries(
      workflows.map(({ definition }) => [definition.name, definition]),
    ),
  };
};
