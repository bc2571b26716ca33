import type { Case, casesOf } from "./cases.ts";
import type { Guard } from "./guards/guard.ts";
import redRuns from "./guards/red-runs.json" with { type: "json" };
import type { Width } from "./single-faults.ts";

/** How often a set went red without a guard, and the options of the first run that did. */
export type Verdict = { runs: number; red: number; first: string | null };

/** Each guard's run that went red when the table was last written. One that no longer does only costs time. */
const knownRedRuns: Readonly<Record<string, string>> = redRuns;

const withKnownFirst = (runs: readonly Case[], guard: string): Case[] => {
  const isKnown = ({ again }: Case) => again === knownRedRuns[guard];
  return [...runs.filter(isKnown), ...runs.filter((one) => !isKnown(one))];
};

/** The first runs of a guard's set, in the order in which they are tried; the one that is known to go red comes first. */
export const runsFor = async (
  cases: typeof casesOf,
  { name, set, fault }: Guard,
  { width, most }: { width: Width; most: number },
): Promise<Case[]> => withKnownFirst(await cases(set, { width, fault }), name).slice(0, most);

/**
 * Runs a guard's set without the guard: until the first red run, or all of `most`.
 *
 * @throws ReferenceError when what stands in the guard's place names something that is not there
 */
export const checkGuard = async (
  cases: typeof casesOf,
  guard: Guard,
  { untilRed, ...range }: { width: Width; most: number; untilRed: boolean },
): Promise<Verdict> => {
  const verdict: Verdict = { runs: 0, red: 0, first: null };
  const runs = await runsFor(cases, guard, range);
  globalThis.guardOff = guard.name;
  try {
    for (const { again, run } of runs) {
      const [problem] = (await run()).problems;
      verdict.runs += 1;
      if (problem === undefined) continue;
      verdict.red += 1;
      verdict.first ??= again;
      if (untilRed) break;
    }
  } finally {
    globalThis.guardOff = undefined;
  }
  if (globalThis.guardBroken) throw globalThis.guardBroken;
  return verdict;
};
