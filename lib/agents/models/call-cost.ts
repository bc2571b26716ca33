import type { CallResult, Tokens } from "../../domain/budget/model-call.ts";
import { byteLength } from "../../domain/json.ts";
import {
  costOf,
  maxCostOf,
  type OwnPrices,
  type Price,
  priceFor,
  priceOf,
} from "../../settings/prices.ts";
import type { ModelRef } from "../../settings/providers.ts";
import type { CallFailure } from "./call-failure.ts";
import type { PartialReply } from "./call-model.ts";
import { type BookedTokens, bookedTokens, type TokenBounds } from "./reported-usage.ts";
import { boundOfPrompt, type PromptParts } from "./token-bound.ts";

/** Tolerance for the rounding of floating point: prices with a surcharge are no round numbers. */
const rounding = 1e-6;

/** Fewest output tokens with which a call is made: with less room an answer is cut off, and paid for nothing. */
const minAnswerTokens = 4_000;

/** Gives the output tokens without which a call is not worth its price. */
export const minOutputTokens = (wanted: number): number => Math.min(wanted, minAnswerTokens);

/** The price of a planned call, and the most tokens that its prompt can have (`input`). */
export type CallPrice = { price: Price; basis: CallResult["price"]; input: number };

/** Gives a call's price before it is made. */
export const priceCall = async (
  prices: OwnPrices,
  ref: ModelRef,
  prompt: PromptParts,
): Promise<CallPrice> => ({
  ...priceOf(ref.model, prices),
  input: await boundOfPrompt(prompt),
});

/** Gives the most that a call costs with so many output tokens, in micro-dollars. */
export const maxCostWith = ({ price, input }: CallPrice, output: number): number =>
  maxCostOf(price, { input, output });

/** Gives the output tokens that `amount` (micro-dollars) pays for after the prompt: 1 to `maxTokens`. */
export const affordableTokens = (call: CallPrice, amount: number, maxTokens: number): number => {
  const { output } = priceFor(call.price, call.input);
  if (output <= 0) return maxTokens;
  const remaining = amount - maxCostWith(call, 0);
  return Math.max(1, Math.min(maxTokens, Math.floor(remaining / output + rounding)));
};

/** The end of a call, before its cost is computed. */
export type CallEnd = Omit<
  CallResult,
  "price" | "cost" | "estimated" | "estimated_because" | keyof Tokens
> & { booked: BookedTokens };

/** Adds the cost to the end of a call. Estimated tokens count as the dearest ones. */
export const callResultOf = (
  { price, basis }: CallPrice,
  { booked, ...end }: CallEnd,
): CallResult => {
  const { tokens, estimated, doubt } = booked;
  const { input_tokens: input, output_tokens: output } = tokens;
  return {
    ...end,
    ...tokens,
    estimated,
    ...(doubt !== null && { estimated_because: doubt }),
    price: basis,
    cost: estimated ? maxCostOf(price, { input, output }) : costOf(price, tokens),
  };
};

/** The tokens of a call that costs nothing. */
export const noTokens: BookedTokens = {
  tokens: {
    input_tokens: 0,
    cached_input_tokens: 0,
    cache_write_input_tokens: 0,
    output_tokens: 0,
  },
  estimated: false,
  doubt: null,
};

/** Gives the tokens of a call that ended by itself: as the provider reports them, as far as they can be. */
export const tokensOfEnd = (
  bounds: TokenBounds,
  { text, rest, tokens }: PartialReply,
): BookedTokens => bookedTokens(bounds, tokens, byteLength(text) + byteLength(rest));

/**
 * Gives the tokens of a call of which nobody knows how far it came: all that was reserved, because a model may have thought without
 * being seen.
 */
export const tokensOfUnknownEnd = ({ input, output }: TokenBounds): BookedTokens => ({
  tokens: { ...noTokens.tokens, input_tokens: input, output_tokens: output },
  estimated: true,
  doubt: null,
});

/** Codes of failures that a provider may charge for: it may have written a part of the reply. */
const billedFailures: readonly string[] = [
  "timeout",
  "too_slow",
  "broken_answer",
  "content_filter",
];

/**
 * Whether a failed call costs nothing: it was not sent, or it was refused (by an HTTP status, whichever, by a page that is no answer of a
 * model, or by an error before any text).
 */
export const isFree = (
  { code }: CallFailure,
  { stage, text, rest, tokens }: PartialReply,
): boolean => stage !== "sent" || (text + rest === "" && !tokens && !billedFailures.includes(code));
