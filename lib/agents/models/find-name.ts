/** Names that an answer lists when nothing fits. */
const maxNear = 8;

/** Quotes and white space around a name, and what stands for "here". */
const around = /^[\s"'`<(]+|[\s"'`>)]+$/g;

/** Removes `.` and empty parts of a path, and goes back at `..`. */
const withoutDots = (path: string): string => {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
};

/** Writes a path in one form: NFC, slashes, without quotes, a leading slash, `./` and `//`. */
export const plainPath = (path: string): string =>
  withoutDots(path.normalize("NFC").replaceAll(around, "").replaceAll("\\", "/"));

/** The form in which names that differ only in case, width or accents written otherwise are equal. */
const folded = (path: string): string => plainPath(path).normalize("NFKC").toLowerCase();

const lastPart = (path: string): string => path.split("/").at(-1) ?? "";

/** Makes the next row of the table of distances: of the texts to this character of the one, and to each of the other. */
const nextRow = (
  row: readonly number[],
  character: string | undefined,
  other: string,
): number[] => {
  const next = [(row[0] ?? 0) + 1];
  for (let index = 0; index < other.length; index += 1) {
    const replaced = (row[index] ?? 0) + (other[index] === character ? 0 : 1);
    next.push(Math.min(replaced, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1));
  }
  return next;
};

/** Counts the changes of one character between two short texts; more than `max` when their lengths say so. */
const distance = (one: string, other: string, max: number): number => {
  if (Math.abs(one.length - other.length) > max) return max + 1;
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let at = 0; at < one.length; at += 1) row = nextRow(row, one[at], other);
  return row.at(-1) ?? max + 1;
};

const maxDistance = 2;
/** Longer names are compared by their parts only. */
const maxCompared = 60;

/** How far a name is from what was asked: 0 for the same file elsewhere; null when it is not near. */
const farness = (asked: string, name: string): number | null => {
  const [wanted, last] = [lastPart(asked), lastPart(name)];
  if (wanted === "") return null;
  if (last === wanted) return 0;
  const bound = Math.min(maxDistance, Math.floor(wanted.length / 2));
  const changes = wanted.length <= maxCompared ? distance(last, wanted, bound) : bound + 1;
  if (changes <= bound) return changes;
  return last.includes(wanted) || wanted.includes(last) || name.includes(asked)
    ? maxDistance + 1
    : null;
};

/** Lists the nearest names: those that are farther than the nearest ones only distract. */
const nearOf = (asked: string, names: readonly string[]): string[] => {
  const rows = names.flatMap((name) => {
    const far = farness(folded(asked), folded(name));
    return far === null ? [] : [{ name, far }];
  });
  const nearest = Math.min(...rows.map(({ far }) => far));
  return rows
    .filter(({ far }) => far === nearest)
    .slice(0, maxNear)
    .map(({ name }) => name);
};

/** The name that is meant, or the names that are near. */
export type FoundName = { name: string } | { near: string[] };

/**
 * Finds the name that is meant: exactly as asked; otherwise in one form of Unicode and of slashes; otherwise in any case, when
 * only one fits.
 */
export const findName = (asked: string, names: readonly string[]): FoundName => {
  const exact = names.find((name) => name === asked);
  if (exact !== undefined) return { name: exact };
  for (const form of [plainPath, folded]) {
    const fitting = names.filter((name) => form(name) === form(asked));
    if (fitting.length === 1 && fitting[0] !== undefined) return { name: fitting[0] };
    if (fitting.length > 1) return { near: fitting };
  }
  return { near: nearOf(asked, names) };
};
