/**
 * Matches what GitHub Flavored Markdown makes a link of without any brackets: addresses with a scheme or `www.`, and mail
 * addresses. Readers do so even where the colon or the `@` is escaped.
 *
 * @see https://github.github.com/gfm/#autolinks-extension-
 */
const address =
  /(?:(?:https?|ftp):\/\/|(?<![\p{L}\p{N}])www\.|(?:mailto|xmpp):(?=\S))[^\s|`\\<]*|(?<![-.\w+])[-.\w+]+@[-\w]+(?:\.[-\w]+)+[-.\w+@]*/giu;
/** Ends a sentence, not the address in it. The look-behind keeps the time linear, here and below. */
const stop = /(?<![.,;:!?)\]}'"])[.,;:!?)\]}'"]+$/;

/** Matches every character that begins or ends something within a line. A `_` within a word does neither. */
const special = /[\\`*~|]|\[|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|<(?=\S|$)|&(?=#?\w{1,31};)/gu;

const escapeSpecial = (text: string): string =>
  text.replace(special, (found) =>
    found === "<" ? "&lt;" : found === "&" ? "&amp;" : `\\${found}`,
  );

/** Matches the start of a heading, list, quote, table, rule or underline of a heading. */
const blockStart = /^(?=#{1,6}(?:\s|$)|[-+](?:[-+\s:]|$)|[>=]|:-)/;
const numberStart = /^(\d{1,9})(?=[.)](?:\s|$))/;
/** Matches the `#` at the end of a heading, which would be taken for its end. */
const headingEnd = /(^|\s)(#+)$/;

/** Replaces what Markdown cannot carry: half a surrogate pair and NUL become U+FFFD. */
const clean = (text: string): string => text.toWellFormed().replaceAll("\0", "\ufffd");

/** Gives the length of the longest row of backticks in a text. */
export const longestFence = (text: string): number =>
  (text.match(/`+/g) ?? []).reduce((longest, { length }) => Math.max(longest, length), 0);

/** Makes a code span that shows the text exactly as it is. */
export const codeSpan = (text: string): string => {
  const shown = clean(text).replace(/\r\n?|\n/g, " ") || " ";
  const fence = "`".repeat(longestFence(shown) + 1);
  const space = /^ +$/.test(shown) ? "" : /^[ `]|[ `]$/.test(shown) ? " " : "";
  return `${fence}${space}${shown}${space}${fence}`;
};

const escapeLine = (line: string): string => {
  let escaped = "";
  let end = 0;
  for (const { 0: found, index } of line.matchAll(address)) {
    const link = found.replace(stop, "");
    escaped += escapeSpecial(line.slice(end, index)) + codeSpan(link);
    end = index + link.length;
  }
  return escaped + escapeSpecial(line.slice(end));
};

const trimBlanks = (text: string): string =>
  text.replace(/^[ \t\r\n]+|(?<![ \t\r\n])[ \t\r\n]+$/g, "");

/**
 * Writes any text as Markdown in the middle of a line, a table's cell or a heading: a reader of Markdown gives the same text
 * back, and nothing in it is HTML, emphasis, an image or a link. Line breaks become spaces, blanks at the ends are dropped,
 * and an address is shown as code.
 */
export const markdownInline = (text: string): string =>
  escapeLine(trimBlanks(clean(text)).replace(/(?<![ \t\r\n])[ \t]*[\r\n][ \t\r\n]*/g, " ")).replace(
    headingEnd,
    "$1\\$2",
  );

const escapeStart = (line: string): string =>
  line.replace(blockStart, "\\").replace(numberStart, "$1\\");

/** Writes any text as Markdown at the start of a block, on one line: no heading, list, quote, table or rule is made of it either. */
export const markdownLine = (text: string): string => escapeStart(markdownInline(text));

/** Splits a text into its lines, without the blank ones at its ends. */
export const linesOf = (text: string): string[] => {
  const lines = clean(text).split(/\r\n?|\n/);
  const isFilled = (line: string) => /[^ \t]/.test(line);
  return lines.slice(Math.max(0, lines.findIndex(isFilled)), lines.findLastIndex(isFilled) + 1);
};

const encode = (space: string): string => (space === "\t" ? "&#x9;" : "&#x20;");

/** Writes lines as Markdown that keeps their breaks and the blanks around them. Blank lines stay blank. */
export const markdownLines = (lines: readonly string[]): string[] =>
  lines.map((line, n) => {
    const next = lines[n + 1] ?? "";
    if (trimBlanks(line) === "") return "";
    const escaped = escapeStart(escapeLine(line)).replace(/^[ \t]|[ \t]$/g, encode);
    return trimBlanks(next) === "" ? escaped : `${escaped}\\`;
  });
