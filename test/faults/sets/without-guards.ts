import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";
import { inlineDefinitions } from "../../../deploy/inline-catalog.ts";
import type { casesOf } from "./cases.ts";
import { guards } from "./guards.ts";
import { openSwitches } from "./switch-guards.ts";

declare global {
  /** The guard that is switched off just now. */
  var guardOff: string | undefined;
  /** Evaluates what stands in the place of a guard. */
  var withoutGuard: <T>(off: () => T) => T;
  /** What stands in the place of a guard names something that is not there: its red runs say nothing. */
  var guardBroken: ReferenceError | undefined;
}

const noteBroken = (error: unknown): never => {
  if (error instanceof ReferenceError) globalThis.guardBroken ??= error;
  throw error;
};

globalThis.withoutGuard = <T>(off: () => T): T => {
  try {
    const value = off();
    return value instanceof Promise ? (value.catch(noteBroken) as T) : value;
  } catch (error) {
    return noteBroken(error);
  }
};

const root = join(import.meta.dirname, "../../..");

/** Makes every guard one that can be switched off. */
const switchable = ({ rewrite }: ReturnType<typeof openSwitches>): Plugin => ({
  name: "switchable guards",
  setup: ({ onLoad }) => {
    onLoad({ filter: /\/(lib|functions)\/.*\.ts$/ }, async ({ path }) => ({
      contents: rewrite(await readFile(path, "utf8")),
      loader: "ts",
    }));
  },
});

/**
 * The sets over code whose guards can be switched off by `globalThis.guardOff`.
 *
 * @throws when the places of the guards are not those that the code marks
 */
export const loadSwitchable = async (): Promise<typeof casesOf> => {
  const switches = openSwitches(guards);
  const { outputFiles } = await build({
    entryPoints: [join(root, "test/faults/sets/cases.ts")],
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    packages: "external",
    plugins: [inlineDefinitions, switchable(switches)],
  });
  const missing = switches.missing();
  if (missing.length > 0) throw new Error(`The code marks no place of: ${missing.join(", ")}`);
  const directory = join(root, "node_modules/.cache/faults");
  const path = join(directory, `${process.pid}.mjs`);
  await mkdir(directory, { recursive: true });
  await writeFile(path, outputFiles[0]?.contents ?? "");
  const sets = (await import(/* @vite-ignore */ pathToFileURL(path).href)) as {
    casesOf: typeof casesOf;
  };
  return sets.casesOf;
};
