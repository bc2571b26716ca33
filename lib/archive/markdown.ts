import {
  codeSpan,
  linesOf,
  longestFence,
  markdownInline,
  markdownLine,
  markdownLines,
} from "../domain/markdown-text.ts";

/** Makes a heading. Below level 4 it is a line in bold. */
export const heading = (level: number, text: string): string =>
  level <= 4 ? `${"#".repeat(level)} ${markdownInline(text)}` : `**${markdownInline(text)}**`;

/** Makes a paragraph of a text; a quote when the text has several lines, and a code block when some are indented. */
export const paragraph = (text: string): string => {
  const lines = linesOf(text);
  if (lines.length < 2) return markdownLine(text) || "–";
  if (lines.some((line) => /^[ \t]+[^ \t]/.test(line))) return fenced(lines.join("\n"), "");
  return markdownLines(lines)
    .map((line) => (line === "" ? ">" : `> ${line}`))
    .join("\n");
};

/** Makes a list of items, each one line of Markdown. */
export const bullets = (items: readonly string[]): string =>
  items.map((item) => `- ${item}`).join("\n");

/** Makes a code block that shows the text exactly as it is. */
export const fenced = (text: string, language: string): string => {
  const fence = "`".repeat(Math.max(3, longestFence(text) + 1));
  return `${fence}${language}\n${text}\n${fence}`;
};

/** Makes a code span for a table's cell. A text with a bar is plain: no reader agrees on a bar in code in a cell. */
export const codeCell = (text: string): string =>
  text.includes("|") ? markdownInline(text) : codeSpan(text);

const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

/** Makes a table. Each cell is one line of Markdown in which bars are escaped. */
export const table = (headers: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(headers), row(headers.map(() => "---")), ...rows.map(row)].join("\n");

/** Joins blocks with blank lines between them. */
export const document = (blocks: readonly string[]): string => `${blocks.join("\n\n")}\n`;
