import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";
import { inlineDefinitions } from "../../../deploy/inline-catalog.ts";
import type { casesOf } from "./cases.ts";
import type { Edit } from "./guards/guard.ts";
import { guards } from "./guards.ts";

declare global {
  /** The guard that is switched off just now. */
  var guardOff: string | undefined;
}

const root = join(import.meta.dirname, "../../..");

/** The edits of a file, each with the guards that it takes out. */
const editsIn = (file: string): { edit: Edit; names: string[] }[] => {
  const places = new Map<string, { edit: Edit; names: string[] }>();
  for (const { name, edits } of guards)
    for (const edit of edits) {
      if (edit.file !== file) continue;
      const place = places.get(edit.on) ?? { edit, names: [] };
      place.names.push(name);
      places.set(edit.on, place);
    }
  return [...places.values()];
};

const switchOff = (source: string, { on, off, file }: Edit, names: readonly string[]): string => {
  if (source.split(on).length !== 2) {
    throw new Error(
      `The guard "${names[0]}" is not once in ${file} as the table of guards has it: ${on}`,
    );
  }
  const isOff = `${JSON.stringify(names)}.includes(globalThis.guardOff)`;
  return source.replace(on, () => `(${isOff} ? (${off}) : (${on}))`);
};

/** Makes every guard one that can be switched off. */
const switchable: Plugin = {
  name: "switchable guards",
  setup: ({ onLoad }) => {
    onLoad({ filter: /\/(lib|functions)\/.*\.ts$/ }, async ({ path }) => {
      const file = relative(root, path);
      let contents = await readFile(path, "utf8");
      for (const { edit, names } of editsIn(file)) contents = switchOff(contents, edit, names);
      return { contents, loader: "ts" };
    });
  },
};

/**
 * The sets over code whose guards can be switched off by `globalThis.guardOff`.
 *
 * @throws when a guard is not where the table says
 */
export const loadSwitchable = async (): Promise<typeof casesOf> => {
  const { outputFiles } = await build({
    entryPoints: [join(root, "test/faults/sets/cases.ts")],
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    packages: "external",
    plugins: [inlineDefinitions, switchable],
  });
  const directory = join(root, "node_modules/.cache/faults");
  const path = join(directory, `${process.pid}.mjs`);
  await mkdir(directory, { recursive: true });
  await writeFile(path, outputFiles[0]?.contents ?? "");
  const sets = (await import(/* @vite-ignore */ pathToFileURL(path).href)) as {
    casesOf: typeof casesOf;
  };
  return sets.casesOf;
};
