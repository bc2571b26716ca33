import { expect, test } from "vitest";
import { median, percentile, summarize } from "../../../localstack/bench/statistics.ts";
import { rateLines, timingLines } from "../../../localstack/bench/table.ts";

const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

test.each([
  [[3], 3],
  [[1, 9], 5],
  [[9, 1, 2], 2],
  [[10, 9, 1, 2], 5.5],
  [hundred, 50.5],
])("the median of %j is %d", (samples, expected) => {
  expect(median(samples)).toBe(expected);
});

test.each([
  [hundred, 0.95, 95],
  [hundred, 1, 100],
  [[7], 0.95, 7],
  [[1, 2, 3], 0.95, 3],
  [[1, 2, 3], 0.01, 1],
])("of %j the share %d does not exceed %d", (samples, share, expected) => {
  expect(percentile(samples, share)).toBe(expected);
});

test("samples stay as they are, and sort as numbers", () => {
  const samples = [10, 9, 100];

  expect(summarize(samples)).toEqual({ count: 3, median: 10, p95: 100 });
  expect(samples).toEqual([10, 9, 100]);
});

test("without samples there is no number", () => {
  expect(summarize([])).toEqual({ count: 0, median: Number.NaN, p95: Number.NaN });
});

test("a table gives count, median, 95th percentile and the ratio to a base", () => {
  const [, row] = timingLines([{ name: "approve", samples: [40, 60, 50] }], 20);

  expect(row?.trim().split(/\s+/)).toEqual(["approve", "3", "50", "60", "2.5"]);
  expect(rateLines([{ name: "runs", value: 107.6, unit: "runs/min" }])[0]).toMatch(
    /^ {2}runs +108 runs\/min$/,
  );
});
