import type { ModelMessage, ToolSet } from "ai";
import type { CallResult, Tokens } from "../../domain/budget/model-call.ts";
import { costOf, type OwnPrices, type Price, priceOf } from "../../settings/prices.ts";
import type { ModelRef } from "../../settings/providers.ts";
import type { CallFailure } from "./call-failure.ts";
import type { PartialReply } from "./call-model.ts";
import type { ReplyFormat } from "./model-reply.ts";
import { estimateTokens } from "./tokens.ts";

/** The parts of a call that the provider charges for as input. */
type PromptParts = {
  systemFor: (ref: ModelRef) => string;
  messages: readonly ModelMessage[];
  tools: ToolSet;
  format: ReplyFormat;
};

/** Tolerance for the rounding of floating point: prices with a surcharge are no round numbers. */
const rounding = 1e-6;
/** Tokens that a reply needs at least. */
export const minOutputTokens = 1_000;

/** The price of a planned call, and the estimated tokens of its prompt (`input`). */
export type CallPrice = { price: Price; basis: CallResult["price"]; input: number };

/** Gives a call's price before it is made. */
export const priceCall = (
  prices: OwnPrices,
  ref: ModelRef,
  { messages, tools, format, systemFor }: PromptParts,
): CallPrice => {
  const described = Object.values(tools).map(({ description, inputSchema }) => [
    description,
    inputSchema,
  ]);
  const text = JSON.stringify([messages, format.json, described]) + systemFor(ref);
  return { ...priceOf(ref.model, prices), input: estimateTokens(text) };
};

/** Tokens of a call, none of them from a cache. */
export const tokensUsed = (input_tokens: number, output_tokens: number): Tokens => ({
  input_tokens,
  cached_input_tokens: 0,
  output_tokens,
});

/** Gives the output tokens that `amount` (micro-dollars) pays for after the prompt: 1 to `maxTokens`. */
export const affordableTokens = (
  { price, input }: CallPrice,
  amount: number,
  maxTokens: number,
): number => {
  if (price.output <= 0) return maxTokens;
  const remaining = amount - costOf(price, tokensUsed(input, 0));
  return Math.max(1, Math.min(maxTokens, Math.floor(remaining / price.output + rounding)));
};

/** The end of a call, before its cost is computed. */
export type CallEnd = Omit<CallResult, "price" | "cost" | keyof Tokens> & { tokens: Tokens };

/** Adds the cost to the end of a call. */
export const callResultOf = (
  { price, basis }: CallPrice,
  { tokens, ...end }: CallEnd,
): CallResult => ({
  ...end,
  ...tokens,
  price: basis,
  cost: costOf(price, tokens),
});

/** Codes of failures that a provider may charge for: it may have written a part of the reply. */
const billedFailures: readonly string[] = ["timeout", "broken_answer", "content_filter"];

/** Gives the tokens that the provider reports; without a report, an estimate from the text that arrived. */
export const tokensOf = ({ input }: CallPrice, { text, rest, tokens }: PartialReply): Tokens =>
  tokens ?? tokensUsed(input, estimateTokens(text + rest));

/** Gives the tokens of a silent call: all that was reserved, because unseen output cannot be estimated. */
export const tokensOfSilence = ({ input }: CallPrice, maxOutputTokens: number): Tokens =>
  tokensUsed(input, maxOutputTokens);

/** Whether a failed call costs nothing: no text and no token count came, and its failure is not a billed one. */
export const isFree = ({ code }: CallFailure, { text, rest, tokens }: PartialReply): boolean =>
  text + rest === "" && !tokens && !billedFailures.includes(code);
