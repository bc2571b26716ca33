const number = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;

/** Reads a text that is a number; undefined for any other. */
export const textAsNumber = (text: string): number | undefined => {
  const trimmed = text.trim();
  const read = Number(trimmed);
  return number.test(trimmed) && Number.isFinite(read) ? read : undefined;
};

/** Reads `true` or `false` in any case; undefined for any other text. */
export const textAsBoolean = (text: string): boolean | undefined => {
  const word = text.trim().toLowerCase();
  return word === "true" || word === "false" ? word === "true" : undefined;
};

const share = /^[^\d.,-]*(\d{1,3}(?:[.,]\d{1,10})?)\s*(%|percent\b)?[^\d.,-]*\.?$/i;
/** Characters of a text that gives a share. */
const maxShareCharacters = 80;

/**
 * Reads a share of 0 to 1 in a text: `0.95`, `0,95`, `95%`, `95`, `about 0.9`. Undefined for a text with two numbers, and for 2 to
 * 10 without a percent sign, which could be a mark out of ten.
 */
export const textAsShare = (text: string): number | undefined => {
  if (text.length > maxShareCharacters) return undefined;
  const [, digits, percent] = share.exec(text.trim()) ?? [];
  if (digits === undefined) return undefined;
  const read = Number(digits.replace(",", "."));
  if (read > 100) return undefined;
  if (percent || read > 10) return read / 100;
  return read <= 1 ? read : undefined;
};
