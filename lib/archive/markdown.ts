/** Text of others must not become HTML, or an image that is fetched when the document is read. */
const defuse = (text: string): string => text.replaceAll("<", "&lt;").replaceAll("![", "!\\[");

/** Code spans stay as they are, as long as it is clear where they end. */
const outsideCode = (text: string): string => {
  const parts = text.split("`");
  const isClear = parts.length % 2 === 1 && !text.includes("``");
  return parts.map((part, n) => (isClear && n % 2 === 1 ? part : defuse(part))).join("`");
};

/** Any text on one line. Emphasis, code and links in it stay Markdown. */
export const inline = (text: string): string =>
  outsideCode(text.toWellFormed().replace(/\s+/g, " ").trim());

/** What would begin a heading, a list, a quote, a fence, a rule or a definition. */
const beginning = /^(?=#+(?:\s|$)|[-+*](?:\s|$)|>|`{3}|~{3}|[-=_*][-=_*\s]+$|\[[^\]]*\]:)/;
const numbered = /^(\d+)(?=[.)](?:\s|$))/;

/** A text on one line that begins a block and stays plain text there. */
export const plain = (text: string): string =>
  inline(text).replace(beginning, "\\").replace(numbered, "$1\\");

export const heading = (level: number, text: string): string =>
  level <= 4 ? `${"#".repeat(level)} ${inline(text)}` : `**${inline(text)}**`;

/** Lines as a quote: whatever is left open in them ends with it. */
const quote = (text: string): string =>
  text
    .toWellFormed()
    .trim()
    .split(/\r\n?|\n/)
    .map((line) => `> ${outsideCode(line)}`.trimEnd())
    .join("\n");

/** A text as a paragraph; as a quote where it has lines of its own. */
export const paragraph = (text: string): string =>
  /[\r\n]/.test(text.trim()) ? quote(text) : plain(text);

export const bullets = (items: readonly string[]): string =>
  items.map((item) => `- ${item}`).join("\n");

/** Text exactly as it is, in code type. */
export const code = (text: string): string => {
  const longest = Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const space = /^`|`$|^$/.test(text) ? " " : "";
  return `${fence}${space}${text}${space}${fence}`;
};

export const fenced = (text: string, language: string): string => {
  const longest = Math.max(2, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
};

const row = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;

/** Cells hold one line of Markdown each. */
export const table = (headers: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(headers), row(headers.map(() => "---")), ...rows.map(row)].join("\n");

/** Blocks with a blank line between them. */
export const document = (blocks: readonly string[]): string => `${blocks.join("\n\n")}\n`;
