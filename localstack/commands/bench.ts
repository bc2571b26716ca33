/** `npm run bench`: measures how fast a stack is on this machine. It sets no limits. */
import { benchHelp, readBenchOptions } from "../bench/options.ts";
import { runBench } from "../bench/run-bench.ts";
import { startStack } from "../own-stack.ts";
import { run } from "../supervisor/run.ts";

const print = (text: string) => void process.stdout.write(`${text}\n`);
const tell = (now: string) => void process.stderr.write(`${now}\n`);

const quietly = { LOG_LEVEL: "SILENT", SWEEP_SECONDS: "60", RETRY_BASE_SECONDS: "1", DATA_DIR: "" };

await run(async () => {
  const options = readBenchOptions(process.argv.slice(2));
  if (!options) return print(benchHelp);
  const { runs, stack } = options;
  if (!stack) tell("starting a stack");
  await using started = stack ? null : await startStack(quietly);
  const { url, ws } = stack ?? started ?? { url: "", ws: "" };
  const lines = await runBench({ url, ws, runs }, tell);
  print(["", ...lines, ""].join("\n"));
});
