import type { LanguageModelUsage } from "ai";
import { expect, test } from "vitest";
import {
  bookedTokens,
  type ReportedUsage,
  reportedUsage,
} from "../../../../lib/agents/models/reported-usage.ts";

const bounds = { input: 5_000, output: 1_000 };
/** Bytes of the answer. */
const seen = 300;

const reported = (fields: Partial<ReportedUsage> = {}): ReportedUsage => ({
  input_tokens: 800,
  cached_input_tokens: 200,
  cache_write_input_tokens: 100,
  output_tokens: 60,
  ...fields,
});

const booked = (fields: Partial<ReportedUsage> = {}) => ({
  input_tokens: 800,
  cached_input_tokens: 200,
  cache_write_input_tokens: 100,
  output_tokens: 60,
  ...fields,
});

test.each([
  { name: "plain", fields: {} },
  { name: "few", fields: { input_tokens: 310, output_tokens: 2 } },
  { name: "as many as there can be", fields: { input_tokens: 5_000, output_tokens: 1_000 } },
  { name: "all from a cache", fields: { cached_input_tokens: 800, cache_write_input_tokens: 0 } },
])("$name: counts that can be are believed", ({ fields }) => {
  expect(bookedTokens(bounds, reported(fields), seen)).toEqual({
    tokens: booked(fields),
    estimated: false,
    doubt: null,
  });
});

const noCache = { cached_input_tokens: 0, cache_write_input_tokens: 0 };
const allInput = { ...noCache, input_tokens: 5_000 };
const odd = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  -1,
  0.5,
  2 ** 64 - 1,
  1e308,
];

test.each([0, 4, 5_001, ...odd])("%d input tokens cannot be: as many as there can be", (count) => {
  const found = bookedTokens(bounds, reported({ input_tokens: count }), seen);
  expect(found).toMatchObject({ tokens: booked(allInput), estimated: true });
  expect(found.doubt).toContain(`${count} input tokens were reported`);
});

test.each([
  { count: 0, output_tokens: 300 },
  { count: 1, output_tokens: 300 },
  { count: -1, output_tokens: 300 },
  { count: Number.NaN, output_tokens: 300 },
  { count: 0.5, output_tokens: 300 },
  { count: 1_001, output_tokens: 1_000 },
  { count: 5_000_000, output_tokens: 1_000 },
  { count: 2 ** 64 - 1, output_tokens: 1_000 },
  { count: Number.POSITIVE_INFINITY, output_tokens: 1_000 },
])("$count output tokens cannot be: $output_tokens", ({ count, output_tokens }) => {
  const found = bookedTokens(bounds, reported({ output_tokens: count }), seen);
  expect(found).toMatchObject({ tokens: booked({ output_tokens }), estimated: true });
  expect(found.doubt).toContain(`${count} output tokens were reported`);
});

test.each([801, ...odd])("%d tokens from a cache cannot be: none", (count) => {
  const fields = { cached_input_tokens: count, cache_write_input_tokens: 0 };
  const found = bookedTokens(bounds, reported(fields), seen);
  expect(found).toMatchObject({ tokens: booked(noCache), estimated: true });
  expect(found.doubt).toContain(`${count} cached input tokens`);
});

test.each([601, ...odd])("%d tokens to a cache cannot be: none", (count) => {
  const found = bookedTokens(bounds, reported({ cache_write_input_tokens: count }), seen);
  const tokens = booked({ cache_write_input_tokens: 0 });
  expect(found).toMatchObject({ tokens, estimated: true });
});

test("an answer of nothing may have no tokens", () => {
  const { estimated } = bookedTokens(bounds, reported({ output_tokens: 0 }), 0);
  expect(estimated).toBe(false);
});

test("without a report: all that can be asked, and a token for each byte of the answer", () => {
  const tokens = booked({ ...allInput, output_tokens: 300 });
  expect(bookedTokens(bounds, null, seen)).toEqual({ tokens, estimated: true, doubt: null });
  const long = bookedTokens(bounds, null, 9_000);
  expect(long.tokens.output_tokens).toBe(1_000);
});

test("one count that is missing is estimated alone", () => {
  expect(bookedTokens(bounds, reported({ output_tokens: null }), seen)).toEqual({
    tokens: booked({ output_tokens: 300 }),
    estimated: true,
    doubt: "No output tokens were reported.",
  });
});

const usage = (fields: object) => fields as LanguageModelUsage;

test.each([
  { name: "nothing", given: undefined, read: null },
  {
    name: "no counts",
    given: usage({ inputTokens: undefined, outputTokens: undefined }),
    read: null,
  },
  { name: "texts", given: usage({ inputTokens: "12", outputTokens: null }), read: null },
  {
    name: "one count",
    given: usage({ inputTokens: Number.NaN, outputTokens: 3 }),
    read: {
      input_tokens: Number.NaN,
      output_tokens: 3,
      cached_input_tokens: null,
      cache_write_input_tokens: null,
    },
  },
  {
    name: "all counts",
    given: usage({
      inputTokens: 9,
      inputTokenDetails: { cacheReadTokens: 2, cacheWriteTokens: 4 },
      outputTokens: 3,
    }),
    read: {
      input_tokens: 9,
      output_tokens: 3,
      cached_input_tokens: 2,
      cache_write_input_tokens: 4,
    },
  },
])("a report of $name", ({ given, read }) => {
  expect(reportedUsage(given)).toEqual(read);
});
