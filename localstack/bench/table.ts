import { type Summary, summarize } from "./statistics.ts";

/** Times in milliseconds. */
export type Timing = { name: string; samples: readonly number[] };
export type Rate = { name: string; value: number; unit: string };

const NAME = 50;

const ms = (value: number) => (value < 10 ? value.toFixed(1) : value.toFixed(0)).padStart(9);

const row = (name: string, { count, median, p95 }: Summary, baseMs: number) =>
  `  ${name.padEnd(NAME)}${String(count).padStart(6)}${ms(median)}${ms(p95)}${(median / baseMs).toFixed(1).padStart(8)}`;

/**
 * Writes medians and 95th percentiles, and each median as a multiple of `baseMs`: ratios differ less between machines.
 *
 * @param baseMs milliseconds that count as 1
 */
export const timingLines = (timings: readonly Timing[], baseMs: number): string[] => [
  `  ${"milliseconds".padEnd(NAME)}${"n".padStart(6)}${"median".padStart(9)}${"p95".padStart(9)}${"ratio".padStart(8)}`,
  ...timings.map(({ name, samples }) => row(name, summarize(samples), baseMs)),
];

export const rateLines = (rates: readonly Rate[]): string[] =>
  rates.map(
    ({ name, value, unit }) => `  ${name.padEnd(NAME)}${value.toFixed(0).padStart(6)} ${unit}`,
  );
