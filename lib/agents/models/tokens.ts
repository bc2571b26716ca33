/** Counts the characters that are not ASCII. Each may be a token. */
const nonAsciiCount = (text: string): number => text.replace(/\p{ASCII}+/gu, "").length;

/**
 * Estimates the tokens of a text by its length: three ASCII characters a token, so that the estimate is too high rather than too
 * low. Providers count about four for English text, and fewer for code and other scripts.
 *
 * @see https://help.openai.com/en/articles/4936856-what-are-tokens-and-how-to-count-them
 * @see https://ai.google.dev/gemini-api/docs/tokens
 */
export const estimateTokens = (text: string): number => {
  const foreign = nonAsciiCount(text);
  return Math.ceil((text.length - foreign) / 3) + foreign;
};
