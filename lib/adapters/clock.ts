/** Waits; rejects with the signal's reason when it fires first. */
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

/** Time as the backend sees it: all of it comes in here, so that a test can bring its own. */
export type Clock = {
  now: () => Date;
  /** Milliseconds that only run forward. */
  tick: () => number;
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Calls back again and again until it is stopped. */
  every: (ms: number, run: () => void) => () => void;
  /** A signal that fires after `ms` with a TimeoutError. */
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
