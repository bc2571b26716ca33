import type { Page } from "../contracts/page.ts";
import { jsonByteLength } from "../domain/json.ts";

const maxReads = 10;

/** Bytes of a page's items as JSON: pages of large items end sooner. Two thirds of `maxAnswerBytes`. */
export const maxPageBytes = 4_000_000;

/** How many items from the front fit an answer: one at least. */
export const countFitting = (items: readonly unknown[]): number => {
  let left = maxPageBytes;
  const over = items.findIndex((item) => {
    left -= jsonByteLength(item);
    return left < 0;
  });
  return over < 0 ? items.length : Math.max(1, over);
};

/** The page, cut where it would not fit an answer. */
export const truncatePage = <T, Position>(
  { items, last }: Page<T, Position>,
  positionOf: (item: T) => Position,
): Page<T, Position> => {
  const count = countFitting(items);
  const lastKept = items[count - 1];
  return count < items.length && lastKept
    ? { items: items.slice(0, count), last: positionOf(lastKept) }
    : { items, last };
};

type FillOptions<T, Position> = {
  after: Position | null;
  limit: number;
  positionOf: (item: T) => Position;
  keep: (item: T) => boolean;
};

/**
 * Reads pages until `limit` items pass the filter, the list ends, or a bound on reads is met; then the page
 * is short and `last` says where to go on.
 */
export const fillPage = async <T, Position>(
  read: (after: Position | null, limit: number) => Promise<Page<T, Position>>,
  { limit, positionOf, keep, ...start }: FillOptions<T, Position>,
): Promise<Page<T, Position>> => {
  const items: T[] = [];
  let { after } = start;
  for (let reads = 0; reads < maxReads; reads += 1) {
    const page = await read(after, limit);
    const matching = page.items.filter(keep);
    const taken = matching.slice(0, limit - items.length);
    items.push(...taken);
    const lastTaken = taken.at(-1);
    if (matching.length > taken.length && lastTaken) return { items, last: positionOf(lastTaken) };
    if (page.last === null || items.length === limit) return { items, last: page.last };
    after = page.last;
  }
  return { items, last: after };
};
