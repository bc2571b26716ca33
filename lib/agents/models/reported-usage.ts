import type { LanguageModelUsage } from "ai";
import type { Tokens } from "../../domain/budget/model-call.ts";

/** Rounds a reported count up to a whole number; null when it is not a number. */
const wholeNumber = (count: number | undefined): number | null =>
  count === undefined || !Number.isFinite(count) ? null : Math.max(0, Math.ceil(count));

/** Reads the tokens that a provider reports; null when it does not report both counts. */
export const reportedTokens = (usage: LanguageModelUsage): Tokens | null => {
  const input_tokens = wholeNumber(usage.inputTokens);
  const output_tokens = wholeNumber(usage.outputTokens);
  if (input_tokens === null || output_tokens === null) return null;
  const cached = wholeNumber(usage.inputTokenDetails?.cacheReadTokens) ?? 0;
  return { input_tokens, output_tokens, cached_input_tokens: Math.min(cached, input_tokens) };
};
