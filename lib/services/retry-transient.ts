export type RetryDeps = {
  /** Whether an error can be gone at the next try: a timeout, throttling, a lost connection. */
  isTransient: (error: unknown) => boolean;
  now: () => Date;
  random: () => number;
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** How long to retry. */
  patienceMs: number;
};

const firstWaitMs = 50;
const maxWaitMs = 2_000;

/**
 * Runs `work` and retries it, with jitter, while it fails with transient errors, for `patienceMs`.
 *
 * @throws the last transient error when `patienceMs` is over; any other error at once
 */
export const retryTransient = async <T>(deps: RetryDeps, work: () => Promise<T>): Promise<T> => {
  const stopAt = deps.now().getTime() + deps.patienceMs;
  for (let round = 0; ; round += 1) {
    try {
      return await work();
    } catch (error) {
      if (!deps.isTransient(error) || deps.now().getTime() >= stopAt) throw error;
    }
    await deps.sleep(deps.random() * Math.min(maxWaitMs, firstWaitMs * 2 ** round));
  }
};
