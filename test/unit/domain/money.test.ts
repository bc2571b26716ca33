import { expect, test } from "vitest";
import { dollars, microDollars, money } from "../../../lib/domain/budget/money.ts";

test.each([
  [0, "$0.00"],
  [1, "$0.000001"],
  [42, "$0.000042"],
  [99, "$0.000099"],
  [100, "$0.0001"],
  [4_200, "$0.0042"],
  [500_000, "$0.5000"],
  [1_000_000, "$1.00"],
  [25_000_000, "$25.00"],
  [1_234_567, "$1.23"],
])("%i micro-dollars are %s", (amount, shown) => {
  expect(money(amount)).toBe(shown);
});

test.each([
  [0, 0],
  [0.000001, 1],
  [0.1 + 0.2, 300_000],
  [7.5, 7_500_000],
  [0.0000004, 0],
])("$%d are %i micro-dollars", (amount, micros) => {
  expect(microDollars(amount)).toBe(micros);
  expect(dollars(micros)).toBeCloseTo(amount, 6);
});
