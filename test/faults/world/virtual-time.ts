type Entry = { at: number; order: number; run: () => unknown };

/** A binary heap: the earliest entry first, of those at one instant the one that was put first. */
const openHeap = () => {
  const heap: Entry[] = [];
  const isBefore = (a: Entry, b: Entry) => a.at < b.at || (a.at === b.at && a.order < b.order);
  const swap = (i: number, j: number) => {
    [heap[i], heap[j]] = [heap[j] as Entry, heap[i] as Entry];
  };
  const comesFirst = (i: number, j: number) =>
    j < heap.length && isBefore(heap[j] as Entry, heap[i] as Entry);
  const sink = (i: number): void => {
    const [left, right] = [2 * i + 1, 2 * i + 2];
    const smaller = comesFirst(i, left) ? left : i;
    const smallest = comesFirst(smaller, right) ? right : smaller;
    if (smallest === i) return;
    swap(i, smallest);
    sink(smallest);
  };
  const rise = (i: number): void => {
    const parent = (i - 1) >> 1;
    if (i === 0 || !comesFirst(parent, i)) return;
    swap(i, parent);
    rise(parent);
  };
  return {
    put: (entry: Entry) => {
      heap.push(entry);
      rise(heap.length - 1);
    },
    take: (): Entry | undefined => {
      const first = heap[0];
      const last = heap.pop();
      if (last && heap.length > 0) {
        heap[0] = last;
        sink(0);
      }
      return first;
    },
  };
};

/** Whatever a step has set going runs on promises alone: when the event loop turns, all of it has run. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/**
 * The time of a simulated world and what is to happen in it: one thing at a time, in the order of their
 * instants, each with all that follows from it at once. Waiting costs nothing, so a day takes milliseconds.
 *
 * @param startMs the instant at which the world begins
 */
export const openVirtualTime = (startMs: number) => {
  const heap = openHeap();
  const held = new Set<Promise<unknown>>();
  let now = startMs;
  let order = 0;
  let endTurn = () => false;
  const settled = async () => {
    do {
      await turn();
      while (held.size > 0) {
        await Promise.allSettled(held);
        await turn();
      }
    } while (endTurn());
  };
  const at = (ms: number, run: () => unknown) => {
    order += 1;
    heap.put({ at: Math.max(ms, now), order, run });
  };
  const step = async (): Promise<boolean> => {
    const next = heap.take();
    if (!next) return false;
    now = next.at;
    next.run();
    await settled();
    return true;
  };
  return {
    now: () => now,
    at,
    after: (ms: number, run: () => unknown) => at(now + ms, run),
    /** Called whenever all that a step has set going has run. @param run tells whether it has set more going */
    onTurnEnd: (run: () => boolean) => {
      endTurn = run;
    },
    /** Nothing else happens until this is settled: for what takes real time. */
    hold: <T>(work: Promise<T>): Promise<T> => {
      held.add(work);
      return work.finally(() => held.delete(work));
    },
    sleep: (ms: number) => new Promise<void>((resolve) => at(now + ms, resolve)),
    /** Goes on until `done`, or the horizon. @returns whether it was done */
    runUntil: async (done: () => boolean, horizonMs: number): Promise<boolean> => {
      await settled();
      while (!done()) {
        if (now > horizonMs || !(await step())) return false;
      }
      return true;
    },
  };
};

export type VirtualTime = ReturnType<typeof openVirtualTime>;
