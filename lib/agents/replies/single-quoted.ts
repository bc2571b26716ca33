/** Escapes that JSON has, too. */
const sameEscapes = /^(?:[\\/bfnrt"]|u[\da-fA-F]{4})$/;

/** Writes one escape of Python or JavaScript as JSON does; null when it has none. */
const escapeAs = (mark: string): string | null => {
  if (mark === "'") return "'";
  if (/^x[\da-fA-F]{2}$/.test(mark)) return `\\u00${mark.slice(1)}`;
  return sameEscapes.test(mark) ? `\\${mark}` : null;
};

const plain = (part: string): string => JSON.stringify(part).slice(1, -1);

/**
 * Reads the text in single quotes that begins at `at`, as Python and JavaScript write it.
 *
 * @returns where it ends and how JSON writes it; `end` is -1 when the text ends before; null when JSON cannot write it
 */
export const readSingleQuoted = (
  text: string,
  at: number,
): { end: number; strict: string } | null => {
  const part = /([^'\\]*)(?:\\(u[\da-fA-F]{4}|x[\da-fA-F]{2}|[\s\S])|('))?/y;
  const strict: string[] = [];
  for (let from = at + 1; ; from = part.lastIndex) {
    part.lastIndex = from;
    const [, words = "", mark, quote] = part.exec(text) ?? [];
    strict.push(plain(words));
    if (quote) return { end: part.lastIndex, strict: `"${strict.join("")}"` };
    if (mark === undefined) return { end: -1, strict: "" };
    const written = escapeAs(mark);
    if (written === null) return null;
    strict.push(written);
  }
};
