import type { LanguageModelUsage } from "ai";
import type { Tokens } from "../../domain/budget/model-call.ts";

/** The counts as the provider sent them, whatever they are; null for one that is missing or no number. */
export type ReportedUsage = { [Name in keyof Tokens]: number | null };

const numberOf = (count: unknown): number | null => (typeof count === "number" ? count : null);

/** Reads the tokens that a provider reports; null when it reports neither count. */
export const reportedUsage = (usage: LanguageModelUsage | undefined): ReportedUsage | null => {
  const input_tokens = numberOf(usage?.inputTokens);
  const output_tokens = numberOf(usage?.outputTokens);
  if (input_tokens === null && output_tokens === null) return null;
  return {
    input_tokens,
    output_tokens,
    cached_input_tokens: numberOf(usage?.inputTokenDetails?.cacheReadTokens),
    cache_write_input_tokens: numberOf(usage?.inputTokenDetails?.cacheWriteTokens),
  };
};

/** The most that a call can use: its money is reserved for so many tokens. */
export type TokenBounds = { input: number; output: number };

/** The tokens of a call as they are booked. */
export type BookedTokens = {
  tokens: Tokens;
  /** Whether a count is estimated. */
  estimated: boolean;
  /** Why a count is not believed, in words; null when all are, or when there was none. */
  doubt: string | null;
};

type Count = { value: number; doubt: string | null };

const believed = (value: number): Count => ({ value, doubt: null });

/** Says what was reported, and why it cannot be. */
const doubted = (value: number, reported: number, what: string, why: string): Count => ({
  value,
  doubt: `${reported} ${what} tokens were reported, ${why}.`,
});

const isWhole = (count: number): boolean => Number.isSafeInteger(count);

/**
 * Bytes that one token has at the most: twice those of the longest token of OpenAI's vocabularies, which is a run of 128 spaces.
 *
 * @see https://github.com/openai/tiktoken
 */
const maxBytesPerToken = 256;

/** Tokens of a prompt's bound that stand for no bytes of it: see token-bound.ts. */
const boundMargin = 2_000;

/** Gives the fewest tokens that a prompt can have. Its bound counts some bytes twice. */
const leastInput = (most: number): number =>
  Math.max(1, Math.floor((most - boundMargin) / (2 * maxBytesPerToken)));

const inputCount = (reported: number | null, most: number): Count => {
  if (reported === null) return { value: most, doubt: "No input tokens were reported." };
  const least = leastInput(most);
  if (isWhole(reported) && reported >= least && reported <= most) return believed(reported);
  return doubted(most, reported, "input", `which is not between ${least} and ${most}`);
};

/** @param seen bytes of the answer: it has no more tokens, as far as it can be seen */
const outputCount = (reported: number | null, most: number, seen: number): Count => {
  const estimate = Math.min(most, seen);
  if (reported === null) return { value: estimate, doubt: "No output tokens were reported." };
  const least = Math.ceil(seen / maxBytesPerToken);
  if (isWhole(reported) && reported >= least && reported <= most) return believed(reported);
  const value = reported > most ? most : estimate;
  return doubted(value, reported, "output", `which is not between ${least} and ${most}`);
};

/** Gives the part of the input that a cache had, or was given; `value` when it cannot be. */
const partCount = (reported: number | null, most: number, what: string): Count => {
  if (reported === null) return believed(0);
  if (isWhole(reported) && reported >= 0 && reported <= most) return believed(reported);
  return doubted(0, reported, what, `which is not between 0 and ${most}`);
};

/**
 * Judges what a provider reports. A count that cannot be is replaced by the most that it may be, so that no more is spent than what is
 * booked; nothing that is booked is more than what was reserved. A count that is only small is believed, if a token can have so many bytes: the provider charges by it.
 *
 * @param seen bytes of the whole answer
 */
export const bookedTokens = (
  bounds: TokenBounds,
  reported: ReportedUsage | null,
  seen: number,
): BookedTokens => {
  const input = inputCount(reported?.input_tokens ?? null, bounds.input);
  const output = outputCount(reported?.output_tokens ?? null, bounds.output, seen);
  const most = input.doubt ? 0 : input.value;
  const cached = partCount(
    input.doubt ? null : (reported?.cached_input_tokens ?? null),
    most,
    "cached input",
  );
  const written = partCount(
    input.doubt ? null : (reported?.cache_write_input_tokens ?? null),
    most - cached.value,
    "cache-writing",
  );
  const doubts = [input, output, cached, written].flatMap(({ doubt }) => doubt ?? []);
  return {
    tokens: {
      input_tokens: input.value,
      output_tokens: output.value,
      cached_input_tokens: cached.value,
      cache_write_input_tokens: written.value,
    },
    estimated: doubts.length > 0,
    doubt: reported && doubts.length > 0 ? doubts.join(" ") : null,
  };
};
