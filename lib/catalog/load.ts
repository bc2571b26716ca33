import { fileURLToPath } from "node:url";
import { readDefinitions } from "./read-definitions.ts";

/**
 * The agents and workflows of this folder, read once. A bundle has them as data in place of this module (see
 * deploy/inline-catalog.ts), so that no function reads files. The import fails with a DefinitionError when a file is wrong.
 */
export const { agentNames, agentModels, agentDefinitions, workflowDefinitions } = readDefinitions(
  fileURLToPath(new URL(".", import.meta.url)),
);
