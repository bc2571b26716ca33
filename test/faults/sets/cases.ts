import { randomOf } from "../../support/random.ts";
import type { FaultName } from "../world/faults.ts";
import type { SetName } from "./guards/guard.ts";
import type { Outcome, Trace } from "./run.ts";
import { runSeed } from "./seeds.ts";
import { type Point, pointsIn, type RunName, runWithFaults, shortOf } from "./single-faults.ts";

/** One run of a set: the options that run it again, and how. */
export type Case = { again: string; run: (trace?: Trace) => Promise<Outcome> };

/** In no order, so that the first few are like all; always the same. */
const shuffled = <T>(items: readonly T[]): T[] => {
  const random = randomOf(1);
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

/** How many random seeds `npm test` runs. */
export const shortSeeds = 1_000;

const seeds = (): Case[] => Array.from({ length: shortSeeds }, (_, index) => seedCase(index + 1));

/** The runs of a set, of one with faults at chosen calls only those with `fault`, if one is named. */
export const casesOf = async (set: SetName, fault?: FaultName): Promise<Case[]> => {
  if (set === "seeds") return seeds();
  return shuffled(await pointsIn(set))
    .filter((point) => fault === undefined || point.fault === fault)
    .map((point) => pointsCase(set, [point]));
};

/** The runs of a set that `npm test` does; the others are for the night. */
export const shortCasesOf = async (set: SetName): Promise<Case[]> =>
  set === "seeds"
    ? seeds()
    : shortOf(set, shuffled(await pointsIn(set))).map((point) => pointsCase(set, [point]));
