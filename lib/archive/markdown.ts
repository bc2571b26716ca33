/** Escapes HTML and images, so that a text of others cannot run code or load an image when somebody reads the document. */
const defuse = (text: string): string => text.replaceAll("<", "&lt;").replaceAll("![", "!\\[");

/** Escapes a text outside its code spans. When it is unclear where a span ends, it escapes the whole text. */
const outsideCode = (text: string): string => {
  const parts = text.split("`");
  const isClear = parts.length % 2 === 1 && !text.includes("``");
  return parts.map((part, n) => (isClear && n % 2 === 1 ? part : defuse(part))).join("`");
};

/** Puts any text on one line. Emphasis, code and links in it stay Markdown. */
export const inline = (text: string): string =>
  outsideCode(text.toWellFormed().replace(/\s+/g, " ").trim());

/** Matches the start of a heading, list, quote, fence, rule or definition. */
const blockStart = /^(?=#+(?:\s|$)|[-+*](?:\s|$)|>|`{3}|~{3}|[-=_*][-=_*\s]+$|\[[^\]]*\]:)/;
const numberStart = /^(\d+)(?=[.)](?:\s|$))/;

/** Puts a text on one line and escapes its start, so that it stays plain text at the start of a block. */
export const plain = (text: string): string =>
  inline(text).replace(blockStart, "\\").replace(numberStart, "$1\\");

/** Makes a heading. Below level 4 it is a line in bold. */
export const heading = (level: number, text: string): string =>
  level <= 4 ? `${"#".repeat(level)} ${inline(text)}` : `**${inline(text)}**`;

/** Makes a quote of a text. Markdown that the text opens and does not close ends with the quote. */
const quote = (text: string): string =>
  text
    .toWellFormed()
    .trim()
    .split(/\r\n?|\n/)
    .map((line) => `> ${outsideCode(line)}`.trimEnd())
    .join("\n");

/** Makes a paragraph of a text, or a quote when the text has several lines. */
export const paragraph = (text: string): string =>
  /[\r\n]/.test(text.trim()) ? quote(text) : plain(text);

/** Makes a list of items, each one line of Markdown. */
export const bullets = (items: readonly string[]): string =>
  items.map((item) => `- ${item}`).join("\n");

/** Makes a code span that shows the text exactly as it is. */
export const code = (text: string): string => {
  const longest = Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const space = /^`|`$|^$/.test(text) ? " " : "";
  return `${fence}${space}${text}${space}${fence}`;
};

/** Makes a code block that shows the text exactly as it is. */
export const fenced = (text: string, language: string): string => {
  const longest = Math.max(2, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
};

const row = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;

/** Makes a table. Each cell is one line of Markdown. */
export const table = (headers: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(headers), row(headers.map(() => "---")), ...rows.map(row)].join("\n");

/** Joins blocks with blank lines between them. */
export const document = (blocks: readonly string[]): string => `${blocks.join("\n\n")}\n`;
