const firstMs = 250;
const mostMs = 5_000;
/** About half a minute in all. */
const mostFailures = 10;
/** Four seconds: the address may be wrong. */
const mostFirstFailures = 5;

/** Pause after so many failures in a row; null when it is time to give up. */
export const pauseAfter = (failures: number, wasConnected: boolean) =>
  failures >= (wasConnected ? mostFailures : mostFirstFailures)
    ? null
    : Math.min(mostMs, firstMs * 2 ** (failures - 1));
