import { parseArgs } from "node:util";

export type BenchOptions = {
  runs: number;
  /** The addresses of a running stack; null when the bench starts one. */
  stack: { url: string; ws: string } | null;
};

export const benchHelp = `
  npm run bench -- [options]

  Measures a stack: its own, started on free ports, or one that runs.

    --runs <n>       rounds of each measurement, 1 to 1000 (default 5)
    --url <address>  HTTP address of a running stack, with
    --ws <address>   its WebSocket address
    -h, --help       this text
`;

const definition = {
  runs: { type: "string" },
  url: { type: "string" },
  ws: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

const readRuns = (text: string) => {
  const runs = Number(text);
  if (Number.isInteger(runs) && runs >= 1 && runs <= 1_000) return runs;
  throw new Error(`--runs takes a whole number from 1 to 1000, not "${text}".`);
};

/**
 * Reads the options after `npm run bench --`.
 *
 * @returns null when only help was asked for
 * @throws Error naming the option that is wrong
 */
export const readBenchOptions = (argv: readonly string[]): BenchOptions | null => {
  const { values } = parseArgs({ args: [...argv], options: definition });
  const { runs = "5", url, ws, help } = values;
  if (help) return null;
  if ((url === undefined) !== (ws === undefined)) throw new Error("--url and --ws go together.");
  return { runs: readRuns(runs), stack: url && ws ? { url: url.replace(/\/+$/, ""), ws } : null };
};
