import { sha256Of, toBytes } from "./digest.ts";

/** Bytes of UTF-8. File systems take 255, some that encrypt 143. */
const mostBytes = 120;

/** Windows refuses or reinterprets these; controls, marks of direction and joiners can hide what a name is. */
const unsafe = /[<>:"/\\|?*\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Windows opens a device by such a name, whatever its ending. */
const device = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\.|$)/i;

/** A repository's folder can name commands that git would run; `git~1` is its short name on Windows. */
const repository = /^(\.git|git~\d+)$/i;

const ending = /(?<=.)\.[\w-]{1,16}$/;

const cutToBytes = (text: string, most: number): string => {
  let left = most;
  let kept = "";
  for (const character of text) {
    left -= toBytes(character).length;
    if (left < 0) break;
    kept += character;
  }
  return kept;
};

/** The name with an ASCII suffix before its ending, cut to the length a name may have. */
export const withSuffix = (name: string, suffix: string): string => {
  const tail = suffix + (ending.exec(name)?.[0] ?? "");
  return cutToBytes(name.replace(ending, ""), mostBytes - tail.length) + tail;
};

const defuse = (name: string): string =>
  device.test(name) || repository.test(name) ? `_${name}` : name;

/** A name that every file system takes, from any text. Names that fit stay as they are. */
export const safeName = (text: string): string => {
  const clean = text
    .normalize("NFC")
    .replace(unsafe, "_")
    .replace(/^\s+|[.\s]+$/gu, "");
  const name = defuse(clean === "" ? "_" : clean);
  return toBytes(name).length > mostBytes
    ? withSuffix(name, `-${sha256Of(text).slice(0, 8)}`)
    : name;
};

/** The same for names that some file system takes for the same. */
export const fold = (path: string): string => path.toUpperCase().toLowerCase().normalize("NFC");

const mostSlug = 60;

/** A name in `a-z`, `0-9` and `-`; the fallback where nothing of the name is left. */
export const slugOf = (name: string, fallback: string): string => {
  const plain = name.toUpperCase().toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
  const slug = plain.replace(/[^a-z0-9]+/g, "-").slice(0, mostSlug);
  const trimmed = slug.replace(/^-+|-+$/g, "");
  return trimmed === "" ? fallback : defuse(trimmed);
};
