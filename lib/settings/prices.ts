import * as z from "zod";
import type { Tokens } from "../domain/budget/model-call.ts";
import type { MicroDollars } from "../domain/budget/money.ts";

const perMillion = z.number().min(0).max(100_000);

/** A price in the settings, in US dollars per million tokens. Without `cached_input`, cached input costs what other input costs. */
export const PriceSetting = z
  .strictObject({ input: perMillion, cached_input: perMillion.optional(), output: perMillion })
  .transform(({ input, cached_input, output }) => ({
    input,
    cached_input: cached_input ?? input,
    output,
  }));

/** US dollars per million tokens. */
export type Price = z.output<typeof PriceSetting>;

/** The date on which the list was last compared with the providers' pages. */
export const pricesAsOf = "2026-11-17";

type Row = readonly [input: number, cached_input: number, output: number];

/**
 * Standard prices by model, in US dollars per million tokens, without the surcharges for prompts of more than 200 000 tokens:
 * prompts here are shorter. A price that is about to rise is listed with its higher value.
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
const assumedPrice: Price = { input: 15, cached_input: 15, output: 75 };

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
export type OwnPrices = Readonly<Record<string, Price>>;

/** Gives a model's price, and whether it is listed or assumed. */
export const priceOf = (
  model: string,
  own: OwnPrices = {},
): { price: Price; basis: "listed" | "assumed" } => {
  const ownPrice = own[model];
  if (ownPrice) return { price: ownPrice, basis: "listed" };
  const name = lastPart(model);
  const row = listedPrices[name.replace(bedrockPrefix, "").replace(releaseSuffix, "")];
  if (!row) return { price: assumedPrice, basis: "assumed" };
  const factor = bedrockPrefix.exec(name)?.[1] ? regionalSurcharge : 1;
  const [input, cached_input, output] = row;
  return {
    price: { input: input * factor, cached_input: cached_input * factor, output: output * factor },
    basis: "listed",
  };
};

/** Rounds up, after it has removed the error of floating point. */
const roundUp = (amount: number): number => Math.ceil(Number(amount.toFixed(6)));

/** Computes the cost in micro-dollars: dollars per million tokens are micro-dollars per token. */
export const costOf = (
  { input, cached_input, output }: Price,
  { input_tokens, cached_input_tokens, output_tokens }: Tokens,
): MicroDollars => {
  const cached = Math.min(cached_input_tokens, input_tokens);
  return roundUp((input_tokens - cached) * input + cached * cached_input + output_tokens * output);
};
