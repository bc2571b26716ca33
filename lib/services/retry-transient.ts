export type RetryDeps = {
  /** An error of a call that may pass. */
  isTransient: (error: unknown) => boolean;
  now: () => Date;
  random: () => number;
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** How long to go on. */
  patienceMs: number;
};

const firstWaitMs = 50;
const maxWaitMs = 2_000;

/**
 * Does again, with jitter, what failed for now: work that must not be lost because a service stumbles.
 *
 * @throws the last failure when patience is over, and any other at once
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
