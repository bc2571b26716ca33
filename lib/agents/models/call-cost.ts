import type { ModelMessage, ToolSet } from "ai";
import type { CallResult, Tokens } from "../../domain/budget/model-call.ts";
import { costOf, type OwnPrices, type Price, priceOf } from "../../settings/prices.ts";
import type { ModelRef } from "../../settings/providers.ts";
import type { CallFailure } from "./call-failure.ts";
import type { PartialReply } from "./call-model.ts";
import type { ReplyFormat } from "./model-reply.ts";
import { estimateTokens } from "./tokens.ts";

/** All that a provider is sent, and charges for. */
type PromptParts = {
  systemFor: (ref: ModelRef) => string;
  messages: readonly ModelMessage[];
  tools: ToolSet;
  format: ReplyFormat;
};

/** Prices with a surcharge are no round numbers. */
const rounding = 1e-6;
/** An answer needs this much room. */
export const minOutputTokens = 1_000;

/** The price of a call that is to be made, and the tokens of its prompt. */
export type CallPrice = { price: Price; basis: CallResult["price"]; input: number };

/** @returns what the provider charges for the question, as far as that is known before it has answered */
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

export const tokensUsed = (input_tokens: number, output_tokens: number): Tokens => ({
  input_tokens,
  cached_input_tokens: 0,
  output_tokens,
});

/** What the money that was granted buys, after the prompt is paid for. */
export const affordableTokens = (
  { price, input }: CallPrice,
  amount: number,
  maxTokens: number,
): number => {
  if (price.output <= 0) return maxTokens;
  const remaining = amount - costOf(price, tokensUsed(input, 0));
  return Math.max(1, Math.min(maxTokens, Math.floor(remaining / price.output + rounding)));
};

/** How a call ended, as the one who made it knows it; its price gives the rest. */
export type CallEnd = Omit<CallResult, "price" | "cost" | keyof Tokens> & { tokens: Tokens };

export const callResultOf = (
  { price, basis }: CallPrice,
  { tokens, ...end }: CallEnd,
): CallResult => ({
  ...end,
  ...tokens,
  price: basis,
  cost: costOf(price, tokens),
});

/** Failures at which a provider may have begun to write, and to charge. */
const billedFailures: readonly string[] = ["timeout", "broken_answer", "content_filter"];

/** What was read and written: as the provider says, or else by what came. */
export const tokensOf = ({ input }: CallPrice, { text, rest, tokens }: PartialReply): Tokens =>
  tokens ?? tokensUsed(input, estimateTokens(text + rest));

/** Of a call that stayed silent nobody knows what it has written unseen: all that was reserved counts. */
export const tokensOfSilence = ({ input }: CallPrice, maxOutputTokens: number): Tokens =>
  tokensUsed(input, maxOutputTokens);

/** A provider charges for what it read and wrote; a refusal is free. */
export const isFree = ({ code }: CallFailure, { text, rest, tokens }: PartialReply): boolean =>
  text + rest === "" && !tokens && !billedFailures.includes(code);
