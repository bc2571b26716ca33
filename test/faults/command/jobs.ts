import { type Case, casesOf, lastSeed, pointsCase, seedCase } from "../sets/cases.ts";
import { checkGuard } from "../sets/check-guard.ts";
import { guards } from "../sets/guards.ts";
import {
  lastCallAfter,
  type Point,
  pointsIn,
  type RunName,
  runNames,
  type Width,
} from "../sets/single-faults.ts";
import { loadSwitchable } from "../sets/without-guards.ts";
import { rowOf } from "./guards-table.ts";

/** A part of the work that one process does at a time. */
export type Job =
  | { kind: "single faults"; name: RunName; width: Width; part: number; deps: number }
  | { kind: "seeds"; from: number; to: number }
  | { kind: "pairs"; first: Point }
  | { kind: "guard"; index: number; most: number };

/** What came of a job: how many runs, and those that went wrong with the options that run them again. */
export type Done = {
  runs: number;
  failures: { again: string; problems: string[] }[];
  /** Of the table of guards; `index` is that of the guard, `again` the options of a run that goes red. */
  row?: { index: number; text: string; again: string | null };
};

const kills = ["kill before", "kill after"] as const;
const seedsPerJob = 100;
const deps = 20;

const range = (count: number) => Array.from({ length: count }, (_, index) => index);

const seedJobs = (from: number, to: number): Job[] =>
  range(Math.ceil((to - from + 1) / seedsPerJob)).map((index) => {
    const start = from + index * seedsPerJob;
    return { kind: "seeds", from: start, to: Math.min(to, start + seedsPerJob - 1) };
  });

const singleFaultJobs = (width: Width): Job[] =>
  runNames.flatMap((name) =>
    range(deps).map((part): Job => ({ kind: "single faults", name, width, part, deps })),
  );

const isKill = ({ fault }: Point) => (kills as readonly string[]).includes(fault);

const pairJobs = async (): Promise<Job[]> =>
  (await pointsIn("full")).filter(isKill).map((first): Job => ({ kind: "pairs", first }));

export const jobsOf = {
  sets: async (width: Width): Promise<Job[]> => [
    ...singleFaultJobs(width),
    ...(width === "night" ? await pairJobs() : []),
    ...seedJobs(1, lastSeed[width]),
  ],
  seeds: async (from: number, to: number): Promise<Job[]> => seedJobs(from, to),
  guards: async (): Promise<Job[]> =>
    guards.map((_, index): Job => ({ kind: "guard", index, most: 200 })),
} as const;

/** A kill, and another one at each call that comes after it in that run. */
const pairCases = async (first: Point): Promise<Case[]> => {
  const last = await lastCallAfter("full", first);
  return range(Math.max(0, last - first.n)).flatMap((step) =>
    kills.map((fault) => pointsCase("full", [first, { n: first.n + step + 1, fault }])),
  );
};

const casesIn = async (job: Exclude<Job, { kind: "guard" }>): Promise<Case[]> => {
  if (job.kind === "pairs") return pairCases(job.first);
  if (job.kind === "seeds")
    return range(job.to - job.from + 1).map((index) => seedCase(job.from + index));
  const cases = await casesOf(job.name, { width: job.width });
  return cases.filter((_, index) => index % job.deps === job.part);
};

const doGuard = async ({ index, most }: Extract<Job, { kind: "guard" }>): Promise<Done> => {
  const guard = guards[index];
  if (!guard) throw new Error(`No guard ${index}`);
  const { runs, red, first } = await checkGuard(await loadSwitchable(), guard, {
    width: "night",
    most,
    untilRed: false,
  });
  return {
    runs,
    row: { index, text: rowOf(guard, { runs, red }), again: first },
    failures: red > 0 ? [] : [{ again: "--guards", problems: [`${guard.name}: no run goes red`] }],
  };
};

export const doJob = async (job: Job): Promise<Done> => {
  if (job.kind === "guard") return doGuard(job);
  const cases = await casesIn(job);
  const failures: Done["failures"] = [];
  for (const { again, run } of cases) {
    const { problems } = await run();
    if (problems.length > 0) failures.push({ again, problems });
  }
  return { runs: cases.length, failures };
};
