import { markdownInline } from "../../domain/markdown-text.ts";
/** Makes a text safe to quote in one line: no broken characters, no line breaks, no end of a code comment. */
export const oneLine = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\*\//g, "* /")
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim();

/** Truncates a text to `max` code points, at the end of a word where that is possible. */
export const clip = (text: string, max: number): string => {
  const characters = [...text];
  if (characters.length <= max) return text;
  const truncated = characters.slice(0, max - 1).join("");
  const lastSpace = truncated.lastIndexOf(" ");
  return `${(lastSpace > truncated.length / 2 ? truncated.slice(0, lastSpace) : truncated).replace(/(?<![,;:.\s])[,;:.\s]+$/, "")}…`;
};

export const capital = (text: string): string => {
  const [first = "", ...rest] = [...text];
  return first.toLocaleUpperCase("en") + rest.join("");
};

/** Writes the first letter of a phrase in lower case, but not in "PDF" and "iPhone". */
export const lower = (text: string): string =>
  /^\p{Lu}(?!\p{Lu}|\p{Ll}*\p{Lu})/u.test(text)
    ? text.charAt(0).toLocaleLowerCase("en") + text.slice(1)
    : text;

/** Removes the punctuation at the end. The look-behind keeps the time linear for long rows of dots. */
const withoutStop = (text: string): string =>
  text.replace(/(?<![\s.!?;:,。！？])[\s.!?;:,。！？]+$/u, "");

export const sentence = (text: string): string =>
  /[.!?…。！？]”?$/u.test(text) ? capital(text) : `${capital(text)}.`;

export const quote = (text: string): string => `“${text.replace(/[“”]/g, "'")}”`;

/** Writes "a, b and c". */
export const listed = (items: readonly string[]): string =>
  items.length < 2
    ? items.join("")
    : `${items.slice(0, -1).join(", ")} and ${items[items.length - 1]}`;

/** Writes "3 risks", "1 risk". */
export const counted = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? "" : "s"}`;

export const withoutArticle = (text: string): string => text.replace(/^(?:an?|the)\s+/i, "");

/** Writes "an invoice", "a user". */
export const withArticle = (noun: string): string =>
  `${/^(?:[aeio]|u(?!ser|ni|se))/i.test(noun) ? "an" : "a"} ${noun}`;

export const singular = (noun: string): string => {
  if (/ies$/.test(noun)) return noun.replace(/ies$/, "y");
  if (/(?:s|x|ch|sh)es$/.test(noun)) return noun.replace(/es$/, "");
  return /[^sui]s$/.test(noun) ? noun.slice(0, -1) : noun;
};

const segmenter = new Intl.Segmenter("en", { granularity: "sentence" });

/** Splits a text into sentences. A new line, a bullet or a semicolon ends one, too. */
export const sentences = (text: string): string[] =>
  text
    .split(/[\r\n;]+/)
    .flatMap((line) => [...segmenter.segment(line)].map(({ segment }) => segment))
    .map((part) => withoutStop(oneLine(part)).replace(/^(?:[-*•–]|\d+[.)])\s+/, ""))
    .filter((part) => /[\p{L}\p{N}]/u.test(part));

/** Makes a text one line that shows in Markdown as it is: nothing in it becomes markup, a link or a cell. What cannot be seen goes. */
export const inMarkdown = (text: string, max: number): string =>
  markdownInline(clip(oneLine(oneLine(text).replace(/\p{Cf}/gu, "")), max));
