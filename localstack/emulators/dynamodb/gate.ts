/**
 * Lets ordinary calls run at the same time, and each transaction alone, in the order of arrival.
 *
 * @example
 * const gate = createGate();
 * await gate.alone(() => writeBatch()); // starts when all earlier calls have ended; later ones wait
 */
export const createGate = () => {
  const running = new Set<Promise<unknown>>();
  let lastAlone: Promise<unknown> = Promise.resolve();

  const shared = async <T>(run: () => Promise<T>): Promise<T> => {
    await lastAlone;
    const call = run();
    running.add(call);
    try {
      return await call;
    } finally {
      running.delete(call);
    }
  };

  const alone = <T>(run: () => Promise<T>): Promise<T> => {
    const call = lastAlone.then(() => Promise.allSettled([...running])).then(run);
    lastAlone = call.catch(() => undefined);
    return call;
  };

  return { shared, alone };
};

export type Gate = ReturnType<typeof createGate>;
