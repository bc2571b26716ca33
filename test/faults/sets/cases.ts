import { randomOf } from "../../support/random.ts";
import type { FaultName } from "../world/faults.ts";
import type { SetName } from "./guards/guard.ts";
import type { Outcome, Trace } from "./run.ts";
import { runSeed } from "./seeds.ts";
import {
  type Point,
  pointsIn,
  type RunName,
  runWithFaults,
  thinned,
  type Width,
} from "./single-faults.ts";

/** One run of a set: the options that run it again, and how. */
export type Case = { again: string; run: (trace?: Trace) => Promise<Outcome> };

/** In no order, so that the first few are like all; always the same. */
const shuffled = <T>(items: readonly T[]): T[] => {
  const random = randomOf(8);
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
};

export const pointsCase = (name: RunName, points: readonly Point[]): Case => ({
  again: [`--in ${name}`, ...points.map(({ n, fault }) => `--at "${n} ${fault}"`)].join(" "),
  run: (trace) => runWithFaults(name, points, trace),
});

export const seedCase = (seed: number): Case => ({
  again: `--seed ${seed}`,
  run: (trace) => runSeed(seed, trace),
});

/** Seeds from 1 up to this one belong to a width. */
export const lastSeed = { test: 100, ci: 1_000, night: 100_000 } as const satisfies Record<
  Width,
  number
>;

const seedCases = (width: Width): Case[] =>
  Array.from({ length: lastSeed[width] }, (_, index) => seedCase(index + 1));

/** The runs of a set, of one with faults at chosen calls only those with `fault`, if one is named. */
export const casesOf = async (
  set: SetName,
  { width, fault }: { width: Width; fault?: FaultName | undefined },
): Promise<Case[]> => {
  if (set === "seeds") return seedCases(width);
  const points = await thinned(set, width, shuffled(await pointsIn(set)));
  return points
    .filter((point) => fault === undefined || point.fault === fault)
    .map((point) => pointsCase(set, [point]));
};
