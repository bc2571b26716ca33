export type Summary = { count: number; median: number; p95: number };

/**
 * Gives the value that `share` of the samples do not exceed (nearest rank).
 *
 * @param share more than 0, at most 1
 */
export const percentile = (samples: readonly number[], share: number) => {
  const sorted = samples.toSorted((a, b) => a - b);
  const rank = Math.ceil(share * sorted.length);
  return sorted[Math.max(0, rank - 1)] ?? Number.NaN;
};

/** Gives the median: the mean of the two middle values when their number is even. */
export const median = (samples: readonly number[]) => {
  const sorted = samples.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
};

export const summarize = (samples: readonly number[]): Summary => ({
  count: samples.length,
  median: median(samples),
  p95: percentile(samples, 0.95),
});
