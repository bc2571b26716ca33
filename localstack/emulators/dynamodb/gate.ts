/**
 * Lets ordinary calls run side by side and transactions alone, in the order of arrival.
 *
 * @example
 * const gate = createGate();
 * await gate.alone(() => writeBatch()); // starts when all earlier calls have ended, holds later ones back
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
