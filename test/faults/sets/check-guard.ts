import type { casesOf } from "./cases.ts";
import type { Guard } from "./guards/guard.ts";
import type { Width } from "./single-faults.ts";

/** How often a set went red without a guard, and what it said first. */
export type Verdict = { runs: number; red: number; first: string | null };

/**
 * Runs a guard's set without the guard: until the first red run, or all of `most`.
 *
 * @throws ReferenceError when what stands in the guard's place names something that is not there
 */
export const checkGuard = async (
  cases: typeof casesOf,
  { name, set, fault }: Guard,
  { width, most, untilRed }: { width: Width; most: number; untilRed: boolean },
): Promise<Verdict> => {
  const verdict: Verdict = { runs: 0, red: 0, first: null };
  const runs = (await cases(set, { width, fault })).slice(0, most);
  globalThis.guardOff = name;
  try {
    for (const { again, run } of runs) {
      const [problem] = (await run()).problems;
      verdict.runs += 1;
      if (problem === undefined) continue;
      verdict.red += 1;
      verdict.first ??= `${again}: ${problem}`;
      if (untilRed) break;
    }
  } finally {
    globalThis.guardOff = undefined;
  }
  if (globalThis.guardBroken) throw globalThis.guardBroken;
  return verdict;
};
