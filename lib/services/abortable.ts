/**
 * Waits for `work`, but no longer than until `signal` fires. The work itself is not stopped: give it the signal for that.
 *
 * @throws the signal's reason when the signal fires first, or has fired already; otherwise the error of `work`
 */
export const abortable = async <T>(signal: AbortSignal, work: Promise<T>): Promise<T> => {
  let stop = () => {};
  const fired = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work, fired]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
};
