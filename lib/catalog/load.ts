import { fileURLToPath } from "node:url";
import { readDefinitions } from "./read-definitions.ts";

/**
 * The definitions of this folder, read once. A bundle gets them as data in place of this module (see
 * deploy/inline-catalog.ts), so that no function reads files.
 */
export const { agentNames, agentModels, agentDefinitions, workflowDefinitions } = readDefinitions(
  fileURLToPath(new URL(".", import.meta.url)),
);
