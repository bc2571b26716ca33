/** Runs pieces of work with the same name one after another. */
export type KeyedMutex = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** Work that has waited this long starts although the earlier one still runs: the table lets only one of them win. */
const maxWaitMs = 5_000;

/**
 * Opens a mutex for one process. It avoids lost races where many commits of one project run in one process (a batch, the
 * local stack). Between processes the conditions of the table decide.
 */
export const openKeyedMutex = (sleep: (ms: number) => Promise<void>): KeyedMutex => {
  const tails = new Map<string, Promise<unknown>>();
  return async (name, work) => {
    const previous = tails.get(name);
    const run = (async () => {
      if (previous) await Promise.race([previous, sleep(maxWaitMs)]);
      return work();
    })();
    const tail = run.catch(() => undefined);
    tails.set(name, tail);
    try {
      return await run;
    } finally {
      if (tails.get(name) === tail) tails.delete(name);
    }
  };
};
