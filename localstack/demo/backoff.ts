const firstMs = 250;
const maxMs = 5_000;
/** Failures in a row; the pauses between them are about half a minute together. */
const maxFailures = 10;
/** The same before the first connection, about four seconds together: the address may be wrong. */
const maxFirstFailures = 5;

/** Gives the pause after so many failures in a row; null when no more tries follow. */
export const pauseAfter = (failures: number, wasConnected: boolean) =>
  failures >= (wasConnected ? maxFailures : maxFirstFailures)
    ? null
    : Math.min(maxMs, firstMs * 2 ** (failures - 1));
