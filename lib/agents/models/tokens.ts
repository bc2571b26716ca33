/** What is not ASCII may take a token for each character. */
const nonAsciiCount = (text: string): number => text.replace(/\p{ASCII}+/gu, "").length;

/**
 * Tokens of a text, by its length. Rather too many than too few: money is reserved by it, and what a prompt may hold.
 *
 * Source: the providers say about four characters a token for English, fewer for code and other scripts.
 */
export const estimateTokens = (text: string): number => {
  const foreign = nonAsciiCount(text);
  return Math.ceil((text.length - foreign) / 3) + foreign;
};
