import { expect, test } from "vitest";
import {
  costOf,
  maxCostOf,
  type Price,
  PriceSetting,
  priceOf,
  pricesAsOf,
} from "../../../lib/settings/prices.ts";

const listed = (fields: Omit<Price, "cache_write" | "surcharge"> & Partial<Price>): Price => ({
  cache_write: fields.input,
  surcharge: true,
  ...fields,
});

const sonnet = listed({ input: 3, cached_input: 0.3, cache_write: 3.75, output: 15 });
const flash = listed({ input: 0.3, cached_input: 0.03, output: 2.5 });
const nova = listed({ input: 0.8, cached_input: 0.2, output: 3.2 });
const mini = listed({ input: 0.15, cached_input: 0.075, output: 0.6 });

test.each([
  { model: "claude-sonnet-4-5", price: sonnet },
  { model: "claude-sonnet-4-5-20250929", price: sonnet },
  { model: "claude-sonnet-4-5-latest", price: sonnet },
  { model: "anthropic.claude-sonnet-4-5-20250929-v1:0", price: sonnet },
  { model: "global.anthropic.claude-sonnet-4-5-20250929-v1:0", price: sonnet },
  {
    model: "arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-sonnet-4-5-20250929-v1:0",
    price: sonnet,
  },
  { model: "amazon.nova-pro-v1:0", price: nova },
  { model: "amazon.nova-pro-v1", price: nova },
  { model: "gpt-4o-mini", price: mini },
  { model: "gpt-4o-mini-2024-07-18", price: mini },
  { model: "models/gemini-2.5-flash", price: flash },
  { model: "gemini-2.5-flash-001", price: flash },
  { model: "gemini-2.5-flash-002", price: flash },
  { model: "gemini-2.5-flash-preview", price: flash },
  { model: "gemini-2.5-flash-preview-05-20", price: flash },
  { model: "gemini-2.5-flash-preview-09-2025", price: flash },
  { model: "openrouter/google/gemini-2.5-flash", price: flash },
])("$model is listed", ({ model, price }) => {
  expect(priceOf(model)).toEqual({ price, basis: "listed" });
});

test.each([
  "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
  "eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
  "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0",
])("%s costs a tenth more, as it stays in its part of the world", (model) => {
  const { price, basis } = priceOf(model);
  expect(basis).toBe("listed");
  expect(price.input).toBeCloseTo(3.3, 9);
  expect(price.cached_input).toBeCloseTo(0.33, 9);
  expect(price.output).toBeCloseTo(16.5, 9);
});

test.each(["llama-4", "gpt-5-chat-latest", "us.meta.llama4-v1:0", "claude-sonnet", "", "/"])(
  "what is not listed (%j) is taken to cost a lot",
  (model) => {
    const price = listed({ input: 15, cached_input: 15, cache_write: 18.75, output: 75 });
    expect(priceOf(model)).toEqual({ price, basis: "assumed" });
  },
);

const set = (fields: object) => PriceSetting.parse({ input: 1, output: 2, ...fields });

test("own prices go before the list, by the exact name only, and have no surcharge", () => {
  const own = { "gpt-4o-mini": set({}) };
  const price = { input: 1, cached_input: 1, cache_write: 1, output: 2, surcharge: false };
  expect(priceOf("gpt-4o-mini", own)).toEqual({ price, basis: "listed" });
  expect(priceOf("gpt-4o-mini-2024-07-18", own).price).toEqual(mini);
});

test.each([
  { model: "my-claude", given: {}, cache_write: 1.25 },
  { model: "my-claude", given: { cache_write: 2 }, cache_write: 2 },
  { model: "my-claude", given: { cache_write: 0 }, cache_write: 0 },
  { model: "mine", given: {}, cache_write: 1 },
])("to write to a cache costs $cache_write with the own price $given of $model", (row) => {
  const { price } = priceOf(row.model, { [row.model]: set(row.given) });
  expect(price.cache_write).toBe(row.cache_write);
});

test.each(["constructor", "toString", "__proto__"])("%s is no listed model", (model) => {
  expect(priceOf(model).basis).toBe("assumed");
  expect(priceOf(model, { other: set({}) }).basis).toBe("assumed");
});

test.each([
  {
    given: { input: 1, output: 2 },
    read: { input: 1, cached_input: 1, cache_write: null, output: 2 },
  },
  {
    given: { input: 1, cached_input: 0, cache_write: 3, output: 2 },
    read: { input: 1, cached_input: 0, cache_write: 3, output: 2 },
  },
  { given: { input: -1, output: 2 }, read: null },
  { given: { input: 1 }, read: null },
  { given: { input: 1, output: 2, per: "token" }, read: null },
])("a price as a setting: $given", ({ given, read }) => {
  const parsed = PriceSetting.safeParse(given);
  expect(parsed.success ? parsed.data : null).toEqual(read);
});

const regional = listed({ input: 3.3000000000000003, cached_input: 0.33, output: 16.5 });
const nothing = listed({ input: 0, cached_input: 0, output: 0 });

/** Input tokens, those of them from a cache and to one, and output tokens. */
test.each([
  { price: sonnet, tokens: [0, 0, 0, 0], cost: 0 },
  { price: sonnet, tokens: [1_000, 0, 0, 500], cost: 3_000 + 7_500 },
  { price: sonnet, tokens: [1_000, 400, 0, 0], cost: 1_800 + 120 },
  { price: sonnet, tokens: [1_000, 400, 100, 0], cost: 1_500 + 120 + 375 },
  { price: sonnet, tokens: [1_000, 0, 1_000, 0], cost: 3_750 },
  { price: sonnet, tokens: [1_000, 5_000, 5_000, 0], cost: 300 },
  { price: sonnet, tokens: [200_000, 0, 0, 100], cost: 600_000 + 1_500 },
  { price: sonnet, tokens: [200_001, 0, 0, 100], cost: 2 * 600_003 + 2_250 },
  { price: flash, tokens: [1, 0, 0, 0], cost: 1 },
  { price: flash, tokens: [11, 0, 0, 0], cost: 4 },
  { price: mini, tokens: [200_000, 0, 0, 1_000_000], cost: 630_000 },
  { price: { ...mini, surcharge: false }, tokens: [1_000_000, 0, 0, 1_000_000], cost: 750_000 },
  { price: { ...regional, surcharge: false }, tokens: [1_000_000, 0, 0, 0], cost: 3_300_000 },
  { price: nothing, tokens: [1_000, 10, 10, 1_000], cost: 0 },
] as const)("$tokens tokens at $price cost $cost micro-dollars", ({ price, tokens, cost }) => {
  const [input_tokens, cached_input_tokens, cache_write_input_tokens, output_tokens] = tokens;
  const counts = { input_tokens, cached_input_tokens, cache_write_input_tokens, output_tokens };
  expect(costOf(price, counts)).toBe(cost);
  const most = maxCostOf(price, { input: input_tokens, output: output_tokens });
  expect(most).toBeGreaterThanOrEqual(cost);
});

test("the most that tokens cost: all input is as dear as the dearest", () => {
  expect(maxCostOf(sonnet, { input: 1_000, output: 10 })).toBe(3_750 + 150);
  expect(maxCostOf(flash, { input: 1_000, output: 0 })).toBe(300);
  expect(maxCostOf(sonnet, { input: 300_000, output: 10 })).toBe(2 * 1_125_000 + 225);
});

test("the list has a date", () => {
  expect(pricesAsOf).toMatch(/^\d{4}-\d{2}-\d{2}$/);
});
