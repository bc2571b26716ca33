import { expect, test } from "vitest";
import { readAmount } from "../../../lib/domain/budget/amount.ts";
import type { Json } from "../../../lib/domain/json.ts";

const bounds = { min: 1, max: 1_000_000_000_000 };
const read = (content: Json) => readAmount(content, bounds);

test.each<[Json, number]>([
  ["10", 10],
  [10, 10],
  [0.5, 0.5],
  ["1 USD", 1],
  ["1usd", 1],
  ["USD 2", 2],
  ["US$ 2", 2],
  ["2 US dollars", 2],
  ["2 $", 2],
  ["2$", 2],
  ["$2 USD", 2],
  ["$0,50", 0.5],
  ["$0.50", 0.5],
  ["$ 7.50", 7.5],
  [" $7.5 ", 7.5],
  ["$.50", 0.5],
  ["$5.", 5],
  ["0.5 dollars", 0.5],
  ["1 Dollar", 1],
  ["0,125", 0.125],
  ["1234.567", 1_234.567],
  ["1,000.50", 1_000.5],
  ["1.000,50", 1_000.5],
  ["$1,000,000", 1_000_000],
  ["1.000.000", 1_000_000],
  ["1 000", 1_000],
  ["1\u00a0000,50 $", 1_000.5],
  ["1\u202f000", 1_000],
  ["1'000.50", 1_000.5],
  ["50 cents", 0.5],
  ["50c", 0.5],
  ["50 ¢", 0.5],
  ["1 cent", 0.01],
  ["150 ct", 1.5],
  ["1２", 12],
  ["＄3", 3],
  [{ amount: 1 }, 1],
  [{ limit_usd: 1 }, 1],
  [{ amount: "$1.50" }, 1.5],
  [{ amount: 2, currency: "usd" }, 2],
  ["0.000001", 0.000001],
])("%j is %d dollars", (content, dollars) => {
  expect(read(content)).toEqual({ amount: Math.round(dollars * 1_000_000) });
});

test.each<[Json, string]>([
  ["1,000", '"1,000" can be read in two ways. Write "1000" or "1.00".'],
  ["$1.000", '"1.000" can be read in two ways. Write "1000" or "1.00".'],
  ["12.345 USD", '"12.345" can be read in two ways. Write "12345" or "12.3450".'],
])("%j is refused, as it has two meanings", (content, says) => {
  expect(read(content)).toEqual({ problem: says });
});

test.each<[Json, string]>([
  ["0", "more than nothing"],
  ["$0.00", "more than nothing"],
  [0, "more than nothing"],
  [{ amount: 0 }, "more than nothing"],
  ["0.0000001", "more than nothing"],
  ["-1", "negative"],
  ["$-5", "negative"],
  ["-$5", "negative"],
  ["− 5", "negative"],
  [-1, "negative"],
  [{ amount: -1 }, "negative"],
  ["1000000.01", "at most 1000000"],
  ["99999999999999999999999", "at most 1000000"],
  [1e300, "at most 1000000"],
  ["ten", '"ten" is no amount'],
  ["NaN", "no amount"],
  ["1e3", "no amount"],
  ["0x10", "no amount"],
  ["Infinity", "no amount"],
  ["5k", "no amount"],
  ["+5", "no amount"],
  ["10 euros", "no amount"],
  ["€5", "no amount"],
  ["raise it by 5", "no amount"],
  ["5 10", "no amount"],
  ["5%", "no amount"],
  ["$5 cents", "no amount"],
  ["1,00,000.5", "no amount"],
  ["1.000.00", "no amount"],
  ["1,000,50", "no amount"],
  ["", "no amount"],
  ["  ", "no amount"],
  ["$", "no amount"],
  [".", "no amount"],
  ["9".repeat(60), "at most"],
  ["9".repeat(500), "no amount"],
  ["x".repeat(500), "no amount"],
  [null, "Expected an amount"],
  [true, "Expected an amount"],
  [[1], "Expected an amount"],
  [{}, "like {"],
  [{ amount: 1, limit: 2 }, "like {"],
  [{ amount: 1, currency: "EUR" }, "like {"],
  [{ money: 1 }, "like {"],
  [{ amount: { amount: null } }, "Expected an amount"],
])("%j is refused: %s", (content, says) => {
  const { problem = "" } = read(content) as { problem?: string };
  expect(problem).toContain(says);
  expect(problem).toContain("Write US dollars like");
  expect(problem.length).toBeLessThan(160);
});

test("a limit of nothing is taken where it is allowed", () => {
  expect(readAmount("0", { ...bounds, min: 0 })).toEqual({ amount: 0 });
});
