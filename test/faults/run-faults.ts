/** `npm run test:faults`: simulated worlds in which things go wrong, on all cores. */

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { killStack } from "../support/kills/kill-stack.ts";
import { putTable } from "./command/guards-table.ts";
import { type Done, type Job, jobsOf } from "./command/jobs.ts";
import { help, type Options, readOptions, type Work } from "./command/options.ts";
import { doAll } from "./command/processes.ts";
import { runBurst } from "./sets/burst.ts";
import { type Case, pointsCase, seedCase } from "./sets/cases.ts";
import { guards } from "./sets/guards.ts";

/** Through the SDK itself, which `npm test` goes past. */
process.env.FAULTS_SDK ??= "whole";

const print = (line: string) => void process.stdout.write(`${line}\n`);

const seconds = (sinceMs: number) => `${((performance.now() - sinceMs) / 1_000).toFixed(0)} s`;

const report = ({ failures, row }: Done) => {
  if (row) print(row.text);
  for (const { again, problems } of failures) {
    print(`✘ npm run test:faults -- ${again} --trace`);
    for (const problem of problems) print(`    ${problem}`);
  }
};

const runJobs = async (
  jobs: readonly Job[],
  onDone: (done: Done) => void = () => undefined,
): Promise<boolean> => {
  const start = performance.now();
  const sum = { jobs: 0, runs: 0, failed: 0 };
  let printedAt = start;
  await doAll(jobs, (done) => {
    sum.jobs += 1;
    sum.runs += done.runs;
    sum.failed += done.failures.length;
    report(done);
    onDone(done);
    if (performance.now() < printedAt + 10_000) return;
    printedAt = performance.now();
    const percent = Math.floor((sum.jobs * 100) / jobs.length);
    print(`  ${percent} %  ${sum.runs} runs, ${sum.failed} failed, ${seconds(start)}`);
  });
  print(
    `${sum.runs} runs in ${seconds(start)}: ${sum.runs - sum.failed} passed, ${sum.failed} failed`,
  );
  return sum.failed === 0;
};

const runOne = async ({ run }: Case, trace: boolean): Promise<boolean> => {
  const { problems, calls } = await run(trace ? print : undefined);
  for (const problem of problems) print(`✘ ${problem}`);
  print(`${calls} calls: ${problems.length === 0 ? "all that was promised holds" : "failed"}`);
  return problems.length === 0;
};

const guardsFile = join(import.meta.dirname, "../../docs/reliability.md");
const redRunsFile = join(import.meta.dirname, "sets/guards/red-runs.json");

/** The table is written only when every guard is missed, and with it which run `npm test` tries first. */
const writeGuards = async (): Promise<boolean> => {
  const rows: NonNullable<Done["row"]>[] = [];
  const passed = await runJobs(await jobsOf.guards(), ({ row }) => {
    if (row) rows[row.index] = row;
  });
  if (!passed) return false;
  const texts = rows.map(({ text }) => text);
  await writeFile(guardsFile, putTable(await readFile(guardsFile, "utf8"), texts));
  const redRuns = Object.fromEntries(rows.map(({ index, again }) => [guards[index]?.name, again]));
  await writeFile(redRunsFile, `${JSON.stringify(redRuns, null, 2)}\n`);
  print("docs/reliability.md has the counts.");
  return true;
};

const workers = {
  help: async () => {
    print(help);
    return true;
  },
  sets: async ({ width }) => runJobs(await jobsOf.sets(width)),
  seeds: async ({ from, to }, trace) =>
    from === to ? runOne(seedCase(from), trace) : runJobs(await jobsOf.seeds(from, to)),
  points: ({ name, points }, trace) => runOne(pointsCase(name, points), trace),
  kills: async ({ count }) => {
    const problems = await killStack({ kills: count, projects: 8, seed: 1, log: print });
    for (const problem of problems) print(`✘ ${problem}`);
    print(`${count} kills: ${problems.length === 0 ? "all projects finished" : "failed"}`);
    return problems.length === 0;
  },
  burst: async ({ count }) => {
    const { problems, ...figures } = await runBurst({ projects: 50, tasks: count });
    for (const problem of problems.slice(0, 20)) print(`✘ ${problem}`);
    print(`${count} tasks: ${JSON.stringify(figures)}`);
    return problems.length === 0;
  },
  guards: writeGuards,
} as const satisfies {
  [K in Work["kind"]]: (work: Extract<Work, { kind: K }>, trace: boolean) => Promise<boolean>;
};

const run = ({ work, trace }: Options): Promise<boolean> =>
  (workers[work.kind] as (work: Work, trace: boolean) => Promise<boolean>)(work, trace);

try {
  process.exitCode = (await run(readOptions(process.argv.slice(2)))) ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
