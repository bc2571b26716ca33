import type { WireEvent, WireObject } from "./reader.ts";

export const isObject = (value: unknown): value is WireObject =>
  value !== null && typeof value === "object" && !Array.isArray(value);

/** Gives an object; an empty one for anything else. */
export const objectIn = (value: unknown): WireObject => (isObject(value) ? value : {});

/** Gives a list; of one for an object, and empty for anything else. */
export const listIn = (value: unknown): unknown[] => {
  if (Array.isArray(value)) return value;
  return isObject(value) ? [value] : [];
};

/** Gives a text that is not blank; undefined for anything else. */
export const wordIn = (value: unknown): string | undefined =>
  typeof value === "string" && value.trim() !== "" ? value : undefined;

/** Reads a whole number that is not negative, also from a text; undefined for anything else. */
export const indexIn = (value: unknown): number | undefined => {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return Number.isSafeInteger(number) && Number(number) >= 0 ? Number(number) : undefined;
};

/** Reads a count of tokens, also from a text. It may be one that cannot be: that is judged elsewhere. */
const countIn = (value: unknown): number | undefined => {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
};

/** Keeps the counts of an object under these names; the first name of a row is the one they get. */
export const countsIn = (value: unknown, names: readonly (readonly string[])[]): WireObject => {
  const object = objectIn(value);
  return Object.fromEntries(
    names.flatMap(([name = "", ...others]) => {
      const found = [name, ...others].map((key) => countIn(object[key]));
      const count = found.find((each) => each !== undefined);
      return count === undefined ? [] : [[name, count]];
    }),
  );
};

const maxParts = 10_000;
const maxPartDepth = 5;

/** Reads a text that may be given as a list of parts, each a text or an object with one. */
export const textIn = (value: unknown, depth = 0): string => {
  if (typeof value === "string") return value;
  if (depth > maxPartDepth) return "";
  if (Array.isArray(value))
    return value
      .slice(0, maxParts)
      .map((part) => textIn(part, depth + 1))
      .join("");
  if (!isObject(value) || !isTextPart(value)) return "";
  return textIn(value.text ?? value.content ?? value.value, depth + 1);
};

const isTextPart = ({ type }: WireObject): boolean =>
  type === undefined || type === null || /text/.test(String(type));

/** Reads a tool's input as JSON text; an object is written as such. */
export const inputIn = (value: unknown): string => {
  if (typeof value === "string") return value;
  return value !== null && typeof value === "object" ? JSON.stringify(value) : "";
};

export const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

export const event = (data: WireObject): WireEvent => ({ name: null, data });

/** Why an answer ended: `other` for a failure. */
export type Ending = "stop" | "length" | "filter" | "tools" | "other";

const endings: readonly (readonly [Ending, RegExp])[] = [
  [
    "length",
    /^(?:length|token_limit|model_length|(?:max|maximum)_(?:(?:output|new|completion)_)?(?:tokens|length)|model_context_window_exceeded)$/,
  ],
  [
    "filter",
    /filter|safety|refus|blocklist|prohibited|recitation|spii|guardrail|sensitive|moderation/,
  ],
  ["tools", /^(?:tool_calls?|tool_use|function_calls?|tools?)$/],
  ["other", /err|fail|abort|cancel|time_?out|interrupt|malformed|insufficient|unavailable/],
];

/** Reads why an answer ended, in the words of any provider; null when they say nothing. An unknown word is an end like others. */
export const endingIn = (value: unknown): Ending | null => {
  const word = (wordIn(value) ?? "").trim().toLowerCase().replaceAll("-", "_");
  if (word === "" || /^(?:null|none|undefined|(?:finish_reason_)?unspecified)$/.test(word))
    return null;
  return endings.find(([, pattern]) => pattern.test(word))?.[0] ?? "stop";
};
