import * as z from "zod";
import type { Tokens } from "../domain/budget/model-call.ts";
import type { MicroDollars } from "../domain/budget/money.ts";

const perMillion = z.number().min(0).max(100_000);

/**
 * A price in the settings, in US dollars per million tokens. Without `cached_input`, input from a cache costs what other input costs;
 * without `cache_write`, so does input that is written to a cache (of a Claude model: 1.25 times as much).
 */
export const PriceSetting = z
  .strictObject({
    input: perMillion,
    cached_input: perMillion.optional(),
    cache_write: perMillion.optional(),
    output: perMillion,
  })
  .transform(({ input, cached_input, cache_write, output }) => ({
    input,
    cached_input: cached_input ?? input,
    cache_write: cache_write ?? null,
    output,
  }));

/** US dollars per million tokens. */
export type Price = {
  input: number;
  cached_input: number;
  /** Of input that the call writes to the provider's cache. */
  cache_write: number;
  output: number;
  /** Whether a prompt of more than `longPromptTokens` costs more. */
  surcharge: boolean;
};

/**
 * From so many input tokens on, some providers charge twice as much for input and one and a half times as much for output (OpenAI from
 * 272 000 on). It is taken for all listed and assumed prices, so that a reservation holds.
 *
 * @see https://ai.google.dev/gemini-api/docs/pricing
 * @see https://docs.anthropic.com/en/docs/about-claude/pricing#long-context-pricing
 * @see https://platform.openai.com/docs/pricing
 */
const longPromptTokens = 200_000;
const longPromptFactors = { input: 2, output: 1.5 };

/**
 * Claude's price of input that is written to a cache for five minutes, as a multiple of the price of input. Other providers charge
 * nothing for it.
 *
 * @see https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching#pricing
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html
 */
const cacheWriteFactor = 1.25;

const cacheWritePrice = (model: string, input: number): number =>
  model.includes("claude") ? input * cacheWriteFactor : input;

/** The date on which the list was last compared with the providers' pages. */
export const pricesAsOf = "2026-11-17";

type Row = readonly [input: number, cached_input: number, output: number];

/**
 * Standard prices by model, in US dollars per million tokens. A price that is about to rise is listed with its higher value.
 *
 * @see https://platform.openai.com/docs/pricing
 * @see https://docs.anthropic.com/en/docs/about-claude/pricing
 * @see https://ai.google.dev/gemini-api/docs/pricing
 * @see https://aws.amazon.com/bedrock/pricing/
 */
const listedPrices: Record<string, Row> = {
  "gpt-6.2-astra": [8, 0.4, 40],
  "gpt-6.2-sol": [2, 0.1, 10],
  "gpt-6.1-sol": [2, 0.1, 10],
  "gpt-6-astra": [10, 1, 50],
  "gpt-6-sol": [2, 0.2, 10],
  "gpt-6-luna": [0.1, 0.01, 0.5],
  "gpt-5.6-sol": [5, 0.5, 30],
  "gpt-5.6-terra": [2, 0.2, 12],
  "gpt-5.6-luna": [0.2, 0.02, 1.2],
  "gpt-5.5-pro": [30, 30, 180],
  "gpt-5.5": [5, 0.5, 30],
  "gpt-5.4-pro": [30, 30, 180],
  "gpt-5.4": [2.5, 0.25, 15],
  "gpt-5.4-mini": [0.75, 0.075, 4.5],
  "gpt-5.4-nano": [0.2, 0.02, 1.25],
  "gpt-5.3-codex": [1.75, 0.175, 14],
  "gpt-5.2-pro": [21, 21, 168],
  "gpt-5.2": [1.75, 0.175, 14],
  "gpt-5.2-codex": [1.75, 0.175, 14],
  "gpt-5.1": [1.25, 0.125, 10],
  "gpt-5.1-codex": [1.25, 0.125, 10],
  "gpt-5-pro": [15, 15, 120],
  "gpt-5": [1.25, 0.125, 10],
  "gpt-5-codex": [1.25, 0.125, 10],
  "gpt-5-mini": [0.25, 0.025, 2],
  "gpt-5-nano": [0.05, 0.005, 0.4],
  "gpt-4.1": [2, 0.5, 8],
  "gpt-4.1-mini": [0.4, 0.1, 1.6],
  "gpt-4.1-nano": [0.1, 0.025, 0.4],
  "gpt-4o": [2.5, 1.25, 10],
  "gpt-4o-mini": [0.15, 0.075, 0.6],
  "o4-mini": [1.1, 0.275, 4.4],
  o3: [2, 0.5, 8],
  "claude-fable-5": [10, 1, 50],
  "claude-fable-5-1": [10, 1, 50],
  "claude-opus-5-5": [4, 0.2, 20],
  "claude-opus-5": [5, 0.5, 25],
  "claude-sonnet-5-5": [2, 0.2, 10],
  "claude-sonnet-5": [2, 0.2, 10],
  "claude-haiku-5-5": [0.2, 0.02, 1],
  "claude-opus-4-8": [5, 0.5, 25],
  "claude-opus-4-7": [5, 0.5, 25],
  "claude-opus-4-6": [5, 0.5, 25],
  "claude-opus-4-5": [5, 0.5, 25],
  "claude-opus-4-1": [15, 1.5, 75],
  "claude-opus-4": [15, 1.5, 75],
  "claude-sonnet-4-6": [3, 0.3, 15],
  "claude-sonnet-4-5": [3, 0.3, 15],
  "claude-sonnet-4": [3, 0.3, 15],
  "claude-haiku-4-5": [1, 0.1, 5],
  "gemini-4-argon": [4, 0.2, 20],
  "gemini-4-neon": [3, 0.15, 15],
  "gemini-4-hydrogen": [1.5, 0.075, 7.5],
  "gemini-3-pro": [2, 0.2, 12],
  "gemini-3-flash": [0.5, 0.05, 3],
  "gemini-2.5-pro": [1.25, 0.125, 10],
  "gemini-2.5-flash": [0.3, 0.03, 2.5],
  "gemini-2.5-flash-lite": [0.1, 0.01, 0.4],
  "nova-premier": [2.5, 0.625, 12.5],
  "nova-pro": [0.8, 0.2, 3.2],
  "nova-lite": [0.06, 0.015, 0.24],
  "nova-2-lite": [0.3, 0.075, 2.5],
  "nova-micro": [0.035, 0.00875, 0.14],
};

/** The price of a model that is not listed: rather too high than too low. */
const assumedRow: Row = [15, 15, 75];

/** The prefix of a Bedrock model id: the region group of its inference profile, and the maker. */
const bedrockPrefix = /^(?:(?:(us|eu|apac|jp|au|ca)|global)\.)?(?:anthropic|amazon)\./;

/**
 * Bedrock's factor for a model in one region group.
 *
 * @see https://aws.amazon.com/bedrock/pricing/
 */
const regionalSurcharge = 1.1;

/** Dates and versions at the end of a model's name: they have the model's price. */
const releaseSuffix =
  /(?:-v\d+)?(?::\d+)?$|-(?:latest|preview(?:-\d{2}-\d{2,4})?|\d{8}|\d{4}-\d{2}-\d{2}|\d{3})(?:-v\d+(?::\d+)?)?$/;

/** Removes `models/`, or the beginning of an ARN. */
const lastPart = (model: string): string => model.split("/").at(-1) ?? model;

/** Prices from the settings, by exact model name. They replace those of the list. */
export type OwnPrices = Readonly<Record<string, z.output<typeof PriceSetting>>>;

const priceOfRow = (model: string, row: Row, factor: number): Price => {
  const [input, cached_input, output] = row.map((each) => each * factor) as [
    number,
    number,
    number,
  ];
  return {
    input,
    cached_input,
    cache_write: cacheWritePrice(model, input),
    output,
    surcharge: true,
  };
};

/** Gives a model's price, and whether it is listed or assumed. */
export const priceOf = (
  model: string,
  own: OwnPrices = {},
): { price: Price; basis: "listed" | "assumed" } => {
  const ownPrice = Object.hasOwn(own, model) ? own[model] : undefined;
  if (ownPrice) {
    const cache_write = ownPrice.cache_write ?? cacheWritePrice(model, ownPrice.input);
    return { price: { ...ownPrice, cache_write, surcharge: false }, basis: "listed" };
  }
  const name = lastPart(model);
  const known = name.replace(bedrockPrefix, "").replace(releaseSuffix, "");
  const row = Object.hasOwn(listedPrices, known) ? listedPrices[known] : undefined;
  // A model that is not listed may be one of Claude's, whatever its name is.
  if (!row) return { price: priceOfRow("claude", assumedRow, 1), basis: "assumed" };
  const factor = bedrockPrefix.exec(name)?.[1] ? regionalSurcharge : 1;
  return { price: priceOfRow(known, row, factor), basis: "listed" };
};

/** Gives the price of a call with so many input tokens: with the surcharge for a long prompt. */
export const priceFor = (price: Price, inputTokens: number): Price =>
  price.surcharge && inputTokens > longPromptTokens
    ? {
        input: price.input * longPromptFactors.input,
        cached_input: price.cached_input * longPromptFactors.input,
        cache_write: price.cache_write * longPromptFactors.input,
        output: price.output * longPromptFactors.output,
        surcharge: false,
      }
    : price;

/** Rounds up, after it has removed the error of floating point. */
const roundUp = (amount: number): number => Math.ceil(Number(amount.toFixed(6)));

/**
 * Computes the cost in micro-dollars: dollars per million tokens are micro-dollars per token. Tokens from a cache and to a cache are
 * among the input tokens; more of them than those do not count.
 */
export const costOf = (price: Price, tokens: Tokens): MicroDollars => {
  const { input_tokens, output_tokens } = tokens;
  const { input, cached_input, cache_write, output } = priceFor(price, input_tokens);
  const cached = Math.min(tokens.cached_input_tokens, input_tokens);
  const written = Math.min(tokens.cache_write_input_tokens, input_tokens - cached);
  const plain = input_tokens - cached - written;
  return roundUp(
    plain * input + cached * cached_input + written * cache_write + output_tokens * output,
  );
};

/** Computes the most that so many tokens can cost, in micro-dollars: as if all input were of the dearest kind. */
export const maxCostOf = (
  price: Price,
  { input, output }: { input: number; output: number },
): MicroDollars => {
  const { cached_input, cache_write, ...rest } = priceFor(price, input);
  const dearest = Math.max(rest.input, cached_input, cache_write);
  return roundUp(input * dearest + output * rest.output);
};
