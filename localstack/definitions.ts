/** `npm run definitions`: checks the files of agents and workflows, and shows what is defined. */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { readDefinitions } from "../lib/definitions/read-definitions.ts";
import { answerSchemaOf } from "./definitions/answer-schema.ts";
import { definitionLines } from "./definitions/lines.ts";
import { run } from "./supervisor/run.ts";

const usual = fileURLToPath(new URL("../lib/definitions", import.meta.url));

await run(async () => {
  const { values, positionals } = parseArgs({
    options: { schema: { type: "string" } },
    allowPositionals: true,
  });
  const definitions = readDefinitions(positionals[0] ?? usual);
  const text =
    values.schema === undefined
      ? definitionLines(definitions).join("\n")
      : JSON.stringify(answerSchemaOf(definitions, values.schema), null, 2);
  process.stdout.write(`${text}\n`);
});
