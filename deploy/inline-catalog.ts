import { dirname } from "node:path";
import type { Plugin } from "esbuild";
import { DefinitionError } from "../lib/catalog/mistakes.ts";
import { readDefinitions } from "../lib/catalog/read-definitions.ts";

const asModule = (directory: string): string =>
  Object.entries(readDefinitions(directory))
    .map(([name, definitions]) => `export const ${name} = ${JSON.stringify(definitions)};`)
    .join("\n");

/** Puts the checked definitions of agents and workflows as data in the place of the module that reads them. */
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
