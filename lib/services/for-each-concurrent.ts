/**
 * Runs `work` on each item, at most `maxConcurrent` at a time.
 *
 * @throws the first error of `work`; work on other items is not stopped by it
 */
export const forEachConcurrent = async <T>(
  items: readonly T[],
  maxConcurrent: number,
  work: (item: T) => Promise<void>,
): Promise<void> => {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(maxConcurrent, items.length) }, worker));
};
