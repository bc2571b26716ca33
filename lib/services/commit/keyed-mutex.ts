/** Runs work that shares a name one after another. */
export type KeyedMutex = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** Whoever waits longer goes ahead: the table still lets only one of them win. */
const maxWaitMs = 5_000;

/**
 * Turns within one process. They spare lost races where many commits of one project meet in one process (a
 * batch, the local stack); between processes the table's conditions decide.
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
