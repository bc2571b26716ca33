import { setTimeout as delay } from "node:timers/promises";

const MAX_PAUSE_MS = 5_000;

/**
 * Logs an outage once, and pauses between retries. Each pause is twice as long as the one before, up to 5 s.
 *
 * @param firstPauseMs the pause after the first failure
 */
export const watchOutage = ({
  name,
  firstPauseMs,
  log,
}: {
  name: string;
  firstPauseMs: number;
  log: (message: string) => void;
}) => {
  let failures = 0;
  return {
    /** Resolves after the pause, or at once when the signal aborts. */
    failed: async (error: unknown, signal: AbortSignal) => {
      if (failures === 0) log(`${name} does not answer (${String(error)}); trying again`);
      const pauseMs = Math.min(firstPauseMs * 2 ** failures, MAX_PAUSE_MS);
      failures += 1;
      await delay(pauseMs, undefined, { signal }).catch(() => undefined);
    },
    over: () => {
      if (failures > 0) log(`${name} answers again`);
      failures = 0;
    },
  };
};
