import { sha256Of, toBytes } from "./digest.ts";
import { fold, safeName, withSuffix } from "./safe-name.ts";

/**
 * Most bytes of a path in UTF-8, and most levels. Windows takes 260 characters, with the folder into which the archive is
 * unpacked.
 */
const maxPathBytes = 200;
const maxLevels = 20;

/** Splits a path into names. `..` leads no higher than the root; a leading `/` or drive is dropped. */
const segmentsOf = (path: string): string[] => {
  const segments: string[] = [];
  for (const segment of path.replace(/^\s*[a-z]:(?=[\\/])/i, "").split(/[\\/]/)) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  return segments;
};

/** Makes a relative path whose names every file system takes. */
const safePath = (original: string): string => {
  const names = segmentsOf(original).map(safeName);
  const path = names.join("/") || "_";
  if (toBytes(path).length <= maxPathBytes && names.length <= maxLevels) return path;
  return ["_long", sha256Of(original).slice(0, 16), names.at(-1)].join("/");
};

const foldersOf = (path: string): string[] =>
  Array.from(path.matchAll(/\//g), ({ index }) => path.slice(0, index));

const rename = (path: string, suffix: string): string => {
  const start = path.lastIndexOf("/") + 1;
  return path.slice(0, start) + withSuffix(path.slice(start), suffix);
};

/**
 * Gives each file a safe path, in the same order. No two paths are the same on any file system, and none is a folder of
 * another. The first of several files with one name keeps the name; the others get a number.
 */
export const placeFiles = (originals: readonly string[]): string[] => {
  const paths = originals.map(safePath);
  const occupied = new Set(paths.flatMap((path) => foldersOf(fold(path))));
  const next = new Map<string, number>();
  return paths.map((path) => {
    const name = fold(path);
    let place = path;
    let suffix = next.get(name) ?? 2;
    for (; occupied.has(fold(place)); suffix += 1) place = rename(path, `-${suffix}`);
    next.set(name, suffix);
    occupied.add(fold(place));
    return place;
  });
};
