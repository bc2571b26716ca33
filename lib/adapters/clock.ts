/**
 * Waits `ms` milliseconds.
 *
 * @throws the signal's reason, when the signal fires first
 */
const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", onAbort, { once: true });
  });

/** The backend's only source of time, so that a test can bring its own. */
export type Clock = {
  now: () => Date;
  /** Gives milliseconds of a clock that never runs backward, for durations. */
  tick: () => number;
  /** Waits `ms` milliseconds, or rejects with the signal's reason. */
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Calls `run` every `ms` milliseconds, until the function that it returns is called. */
  every: (ms: number, run: () => void) => () => void;
  /** Makes a signal that fires after `ms` milliseconds with a TimeoutError. */
  timeout: (ms: number) => AbortSignal;
};

export const realClock: Clock = {
  now: () => new Date(),
  tick: () => performance.now(),
  sleep,
  every: (ms, run) => {
    const timer = setInterval(run, ms);
    return () => clearInterval(timer);
  },
  timeout: (ms) => AbortSignal.timeout(ms),
};
