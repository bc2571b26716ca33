/** `npm run demo`: shows a project in the terminal, from its first task to its last artifact. */
import { help } from "../demo/help.ts";
import { readOptions, UsageError } from "../demo/options.ts";
import { runDemo } from "../demo/run-demo.ts";
import { readSettings } from "../settings.ts";

const main = async () => {
  const options = readOptions(process.argv.slice(2), readSettings().ports);
  if (options) return runDemo(options, { input: process.stdin, output: process.stdout });
  process.stdout.write(help);
  return 0;
};

const fail = (error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  if (!(error instanceof UsageError)) return 1;
  process.stderr.write("npm run demo -- --help shows what there is.\n");
  return 2;
};

process.stdout.on("error", () => process.exit(1));
const code = await main().catch(fail);
/** Exits even when something is still open, such as a pipe with responses. */
process.stdout.write("", () => process.exit(code));
