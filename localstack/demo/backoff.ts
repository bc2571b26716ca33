const firstMs = 250;
const maxMs = 5_000;
/** Failures in a row. The pauses between them add up to about half a minute. */
const maxFailures = 10;
/** Failures before the first connection, about four seconds of pauses: the address may be wrong. */
const maxFirstFailures = 5;

/** Gives the pause after so many failures in a row; null when no more tries follow. */
export const pauseAfter = (failures: number, wasConnected: boolean) =>
  failures >= (wasConnected ? maxFailures : maxFirstFailures)
    ? null
    : Math.min(maxMs, firstMs * 2 ** (failures - 1));
