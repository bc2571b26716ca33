import { expect, test } from "vitest";
import { fillPage } from "../../../lib/services/page.ts";

/** The numbers 1 to `count`, read in pages. */
const list = (count: number) => {
  let reads = 0;
  const read = async (after: number | null, limit: number) => {
    reads += 1;
    const from = after ?? 0;
    const items = Array.from({ length: count }, (_, n) => n + 1).slice(from, from + limit);
    const last = from + limit < count ? from + limit : null;
    return { items, last };
  };
  return { read, reads: () => reads };
};
const fill = (
  count: number,
  limit: number,
  keep: (n: number) => boolean,
  after: number | null = null,
) => {
  const { read, reads } = list(count);
  return fillPage(read, { after, limit, keep, positionOf: (n) => n }).then((page) => ({
    ...page,
    reads: reads(),
  }));
};
const all = () => true;
const even = (n: number) => n % 2 === 0;

test.each([
  { name: "a whole page", count: 9, limit: 3, keep: all, items: [1, 2, 3], last: 3 },
  { name: "the last page, full", count: 3, limit: 3, keep: all, items: [1, 2, 3], last: null },
  { name: "a short list", count: 2, limit: 3, keep: all, items: [1, 2], last: null },
  { name: "an empty list", count: 0, limit: 3, keep: all, items: [], last: null },
  {
    name: "a filter over several reads",
    count: 9,
    limit: 3,
    keep: even,
    items: [2, 4, 6],
    last: 6,
  },
  {
    name: "a filter that leaves too few",
    count: 5,
    limit: 3,
    keep: even,
    items: [2, 4],
    last: null,
  },
  {
    name: "a page full in the middle of a read",
    count: 9,
    limit: 3,
    keep: (n: number) => n > 2,
    items: [3, 4, 5],
    last: 5,
  },
])("$name: items $items, then on from $last", async ({ count, limit, keep, items, last }) => {
  expect(await fill(count, limit, keep)).toMatchObject({ items, last });
});

test("a page goes on after its place", async () => {
  expect(await fill(9, 3, all, 3)).toMatchObject({ items: [4, 5, 6], last: 6 });
});

test("a filter that nothing passes is bounded, and says where to go on", async () => {
  expect(await fill(1_000, 3, () => false)).toEqual({ items: [], last: 30, reads: 10 });
});

test.each([all, even, (n: number) => n % 7 === 0, (n: number) => n > 90])(
  "page by page every item comes once (%#)",
  async (keep) => {
    const seen: number[] = [];
    let after: number | null = null;
    do {
      const page: { items: number[]; last: number | null } = await fill(100, 4, keep, after);
      seen.push(...page.items);
      after = page.last;
    } while (after !== null);
    expect(seen).toEqual(Array.from({ length: 100 }, (_, n) => n + 1).filter(keep));
  },
);
