import { describeModel, type ModelRef } from "../../settings/providers.ts";

/**
 * How many tokens models count for what is estimated as one. It is used for what a prompt shows, never for what is reserved: a
 * provider that counts wrongly changes no reservation.
 */
export type TokenRatios = {
  /** Gives the ratio of a model in steps of a quarter, so that prompts stay the same for its cache; 1 when nothing is known. */
  ratioOf: (ref: ModelRef) => number;
  /** Learns from what a provider reports for a prompt. */
  learn: (ref: ModelRef, counts: { estimated: number; reported: number }) => void;
};

/** What texts really have: English has two thirds of what is estimated, base64 and rare scripts up to three times as much. */
const least = 0.5;
const most = 3;
/** The share of the newest count in the average. */
const newest = 0.2;
/** With fewer estimated tokens, what a provider adds by itself counts for too much. */
const minEstimated = 2_000;
/** Models that are remembered; the oldest is forgotten first. */
const maxModels = 200;

/** Opens what is learnt in this process, and forgotten with it. */
export const openTokenRatios = (): TokenRatios => {
  const ratios = new Map<string, number>();
  const known = (ref: ModelRef): number => ratios.get(describeModel(ref)) ?? 1;
  return {
    ratioOf: (ref) => Math.round(known(ref) * 4) / 4,
    learn: (ref, { estimated, reported }) => {
      if (estimated < minEstimated || !(reported > 0)) return;
      const ratio = Math.min(most, Math.max(least, reported / estimated));
      const average = known(ref) * (1 - newest) + ratio * newest;
      const name = describeModel(ref);
      ratios.delete(name);
      ratios.set(name, average);
      const [oldest] = ratios.keys();
      if (ratios.size > maxModels && oldest !== undefined) ratios.delete(oldest);
    },
  };
};
