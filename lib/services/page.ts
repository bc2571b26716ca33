import type { Page } from "../contracts/page.ts";
import { jsonByteLength } from "../domain/json.ts";

/** Pages that `fillPage` reads at most. */
const maxReads = 10;

/** Bytes of a page's items as JSON; a page with more ends early. Two thirds of `maxAnswerBytes`. */
export const maxPageBytes = 4_000_000;

/** Counts the first items that together fit into `maxPageBytes`; at least 1. */
export const countFitting = (items: readonly unknown[]): number => {
  let left = maxPageBytes;
  const over = items.findIndex((item) => {
    left -= jsonByteLength(item);
    return left < 0;
  });
  return over < 0 ? items.length : Math.max(1, over);
};

/** Truncates a page to the items that fit into `maxPageBytes`. */
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

/** Gives all pages of a list, one after another. */
export async function* eachPage<T>(
  read: (after: string | null) => Promise<Page<T>>,
): AsyncGenerator<T[]> {
  let after: string | null = null;
  do {
    const page: Page<T> = await read(after);
    yield page.items;
    after = page.last;
  } while (after !== null);
}

type FillOptions<T, Position> = {
  after: Position | null;
  limit: number;
  positionOf: (item: T) => Position;
  keep: (item: T) => boolean;
};

/**
 * Reads pages until `limit` items pass the filter, the list ends, or `maxReads` pages are read. In the last case the
 * page can be short: `last` says where to continue.
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
