import { dirname } from "node:path";
import type { Plugin } from "esbuild";
import { DefinitionError } from "../lib/catalog/mistakes.ts";
import { readDefinitions } from "../lib/catalog/read-definitions.ts";

const asModule = (directory: string): string =>
  Object.entries(readDefinitions(directory))
    .map(([name, definitions]) => `export const ${name} = ${JSON.stringify(definitions)};`)
    .join("\n");

/**
 * Replaces the module that reads agents and workflows with their checked definitions as data. Mistakes in them fail the build.
 */
export const inlineDefinitions: Plugin = {
  name: "definitions",
  setup: ({ onLoad }) => {
    onLoad({ filter: /\/lib\/catalog\/load\.ts$/ }, ({ path }) => {
      try {
        return { contents: asModule(dirname(path)) };
      } catch (error) {
        if (!(error instanceof DefinitionError)) throw error;
        return { errors: [{ text: error.message }] };
      }
    });
  },
};
