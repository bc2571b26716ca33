import { byteLength, canonicalJson, type Json, jsonByteLength } from "../../domain/json.ts";

const encoded = (text: string): number => jsonByteLength(text) - '""'.length;
const emptyAppendix = byteLength(',"appendix":""');
/** Plain ASCII, so that it can be cut at any byte. */
const ending = "All of this stays as agreed until somebody in charge decides otherwise. ";

/** Writes exactly `bytes` bytes by repeating the notes. */
const write = (notes: readonly string[], bytes: number): string => {
  const parts: string[] = [];
  let left = bytes;
  for (let round = 1; ; round += 1) {
    const note = `Note ${round}: ${notes[(round - 1) % notes.length]} `;
    if (encoded(note) > left) break;
    parts.push(note);
    left -= encoded(note);
  }
  return parts.join("") + ending.repeat(Math.ceil(left / ending.length)).slice(0, left);
};

/** Adds an appendix, so that the canonical JSON has `bytes` bytes. Content without room for an appendix stays as it is. */
export const fillUp = (
  content: { [key: string]: Json },
  notes: readonly string[],
  bytes: number,
): { [key: string]: Json } => {
  const missing = bytes - byteLength(canonicalJson(content)) - emptyAppendix;
  return missing > 0 ? { ...content, appendix: write(notes, missing) } : content;
};
