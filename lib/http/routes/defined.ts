import * as z from "zod";
import { agentNames, workflowDefinitions } from "../../catalog/load.ts";

/** An agent that can get a task. */
export const DefinedAgent = z.enum(agentNames).meta({
  id: "DefinedAgent",
  description: "An agent that is defined.",
});

/** Who made an artifact. */
export const ArtifactSource = z.enum([...agentNames, "user"]).meta({
  id: "ArtifactSource",
  description: "An agent that is defined, or the user.",
});

const titles = Object.values(workflowDefinitions).map(({ name, title }) => `\`${name}\`: ${title}`);

/** A workflow that a new project can have. */
export const DefinedWorkflow = z.enum([...Object.keys(workflowDefinitions), "none"]).meta({
  id: "DefinedWorkflow",
  description: `${titles.join("; ")}. With \`none\` only the tasks that are created run.`,
});
