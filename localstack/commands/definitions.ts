/** `npm run definitions`: checks the files of agents and workflows, and shows what is defined. */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { readDefinitions } from "../../lib/catalog/read-definitions.ts";
import { run } from "../supervisor/run.ts";
import { definitionLines } from "./definitions/lines.ts";
import { replySchemaOf } from "./definitions/reply-schema.ts";

const defaultFolder = fileURLToPath(new URL("../../lib/catalog", import.meta.url));

const help = `Usage: npm run definitions -- [options] [folder]

Checks the files of agents and workflows, and shows what is defined.

  folder                      where they are (default: lib/catalog)
  --schema WORKFLOW/STEP      print the JSON Schema of a step's answer instead
  -h, --help
`;

await run(async () => {
  const { values, positionals } = parseArgs({
    options: { schema: { type: "string" }, help: { type: "boolean", short: "h", default: false } },
    allowPositionals: true,
  });
  if (values.help) return void process.stdout.write(help);
  const definitions = readDefinitions(positionals[0] ?? defaultFolder);
  const text =
    values.schema === undefined
      ? definitionLines(definitions).join("\n")
      : JSON.stringify(replySchemaOf(definitions, values.schema), null, 2);
  process.stdout.write(`${text}\n`);
});
