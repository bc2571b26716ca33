/** `npm run definitions`: checks the files of agents and workflows, and shows what is defined. */
import { fileURLToPath } from "node:url";
import { readDefinitions } from "../lib/definitions/read-definitions.ts";
import { definitionLines } from "./definitions/lines.ts";
import { run } from "./supervisor/run.ts";

const usual = fileURLToPath(new URL("../lib/definitions", import.meta.url));
const [directory = usual] = process.argv.slice(2);

await run(async () => {
  process.stdout.write(`${definitionLines(readDefinitions(directory)).join("\n")}\n`);
});
