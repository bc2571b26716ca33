/** Finds the offset of the only occurrence of a piece; -1 for none, `many` for more than one, also when they overlap. */
const onlyOffset = (text: string, piece: string): number | "many" => {
  const first = text.indexOf(piece);
  return first >= 0 && text.indexOf(piece, first + 1) >= 0 ? "many" : first;
};

const linesOf = (text: string): string[] => text.split("\n").map((line) => line.trimEnd());

/** Offset of each line, and of the end of the text. */
const offsetsOf = (text: string): number[] => {
  const offsets = [0];
  for (const line of text.split("\n")) offsets.push((offsets.at(-1) as number) + line.length + 1);
  return offsets;
};

/** Finds whole lines that differ from the piece only in white space at their ends: the numbers of the first and the last. */
const onlyLines = (text: string, piece: string): { from: number; to: number } | "many" | null => {
  const wanted = linesOf(piece.replace(/^(?:[^\S\n]*\n)+|(?:\n[^\S\n]*)+$/g, ""));
  if (wanted.join("") === "") return null;
  const framed = `\n${linesOf(text).join("\n")}\n`;
  const offset = onlyOffset(framed, `\n${wanted.join("\n")}\n`);
  if (offset === "many") return offset;
  if (offset < 0) return null;
  const from = framed.slice(0, offset).split("\n").length - 1;
  return { from, to: from + wanted.length - 1 };
};

/** Gives lines the ends that the lines of the file have. */
const withEndingsOf = (file: string, text: string): string =>
  file.includes("\r\n") ? text.replace(/\r?\n/g, "\r\n") : text;

const replaceLines = (text: string, lines: { from: number; to: number }, by: string): string => {
  const offsets = offsetsOf(text);
  const end = (offsets[lines.to + 1] as number) - 1;
  const isCrLf = text[end - 1] === "\r";
  const rest = text.slice(isCrLf ? end - 1 : end);
  return text.slice(0, offsets[lines.from]) + by.replace(/\r?\n$/, "") + rest;
};

/**
 * Replaces the only piece of a text that equals `search`. When there is none, it replaces the only lines that differ from
 * `search` in nothing but white space at their ends.
 *
 * @returns the new text; or `none` or `many`, for how often the piece was found
 */
export const replaceOnce = (
  text: string,
  search: string,
  by: string,
): { text: string } | "none" | "many" => {
  const offset = onlyOffset(text, search);
  if (offset === "many") return "many";
  const replacement = withEndingsOf(text, by);
  if (offset >= 0) {
    return { text: text.slice(0, offset) + replacement + text.slice(offset + search.length) };
  }
  const lines = onlyLines(text, search);
  if (lines === null) return "none";
  return lines === "many" ? lines : { text: replaceLines(text, lines, replacement) };
};
