import { sha256Of, toBytes } from "./digest.ts";

/** Most bytes of a name in UTF-8. File systems take 255; encrypted ones take 143. */
const maxNameBytes = 120;

/** Windows refuses the first nine of these. Control and format characters can hide what a name really is. */
const unsafeCharacters = /[<>:"/\\|?*\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Windows takes these names for devices, with any ending. */
const deviceName = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\.|$)/i;

/** Git reads commands to run from this folder. `git~1` is its short name on Windows. */
const gitFolder = /^(\.git|git~\d+)$/i;

const extension = /(?<=.)\.[\w-]{1,16}$/;

const truncateToBytes = (text: string, maxBytes: number): string => {
  let bytesLeft = maxBytes;
  let kept = "";
  for (const character of text) {
    bytesLeft -= toBytes(character).length;
    if (bytesLeft < 0) break;
    kept += character;
  }
  return kept;
};

/** Puts an ASCII suffix before the ending of a name, and shortens the name to `maxNameBytes`. */
export const withSuffix = (name: string, suffix: string): string => {
  const tail = suffix + (extension.exec(name)?.[0] ?? "");
  return truncateToBytes(name.replace(extension, ""), maxNameBytes - tail.length) + tail;
};

const defuse = (name: string): string =>
  deviceName.test(name) || gitFolder.test(name) ? `_${name}` : name;

/** Makes of any text a name that every file system takes. A name that is safe already stays as it is. */
export const safeName = (text: string): string => {
  const clean = text
    .normalize("NFC")
    .replace(unsafeCharacters, "_")
    .replace(/^\s+|[.\s]+$/gu, "");
  const name = defuse(clean === "" ? "_" : clean);
  return toBytes(name).length > maxNameBytes
    ? withSuffix(name, `-${sha256Of(text).slice(0, 8)}`)
    : name;
};

/**
 * Gives the same text for all names that some file system takes for one: they differ in case or in composed letters only.
 */
export const fold = (path: string): string => path.toUpperCase().toLowerCase().normalize("NFC");

/** Most characters of a slug. */
const maxSlugCharacters = 60;

/** Makes a name of `a-z`, `0-9` and `-` only. Gives `fallback` when no character of the name is left. */
export const slugOf = (name: string, fallback: string): string => {
  const plain = name.toUpperCase().toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
  const slug = plain.replace(/[^a-z0-9]+/g, "-").slice(0, maxSlugCharacters);
  const trimmed = slug.replace(/^-+|-+$/g, "");
  return trimmed === "" ? fallback : defuse(trimmed);
};
