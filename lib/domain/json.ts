import * as z from "zod";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Tells whether a value is an object and not a list. */
export const isObject = (value: unknown): value is { [key: string]: unknown } =>
  value !== null && typeof value === "object" && !Array.isArray(value);

const maxDepth = 64;

/**
 * Tells whether a value is nested at most `maxDepth` levels deep. It walks level by level, so that deep nesting cannot
 * exhaust the stack.
 */
const isShallow = (value: unknown): boolean => {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxDepth) return false;
    level = level.flatMap((item) =>
      item !== null && typeof item === "object" ? Object.values(item) : [],
    );
  }
  return true;
};

const isFiniteJson = (value: unknown): boolean => {
  if (typeof value === "number") return Number.isFinite(value);
  if (value === null || typeof value !== "object") return true;
  return Object.values(value).every(isFiniteJson);
};

export const Json: z.ZodType<Json> = z
  .unknown()
  .superRefine((value, context) => {
    if (value === undefined) context.addIssue("Required");
    else if (!isShallow(value)) context.addIssue(`Nested deeper than ${maxDepth} levels`);
    else if (!isFiniteJson(value)) context.addIssue("Holds a number that JSON cannot carry");
  })
  .meta({
    id: "Json",
    description: `Any JSON value, nested at most ${maxDepth} levels deep.`,
  }) as unknown as z.ZodType<Json>;

/** Counts the bytes of a text in UTF-8. */
export const byteLength = (text: string): number => Buffer.byteLength(text);

/** Counts the bytes of a value as JSON in UTF-8, without white space. */
export const jsonByteLength = (value: unknown): number => byteLength(JSON.stringify(value));

const childrenOf = (value: unknown): [string, unknown][] =>
  value !== null && typeof value === "object" ? Object.entries(value) : [];

const isHalved = (value: unknown): boolean =>
  typeof value === "string"
    ? !value.isWellFormed()
    : isObject(value) && Object.keys(value).some((key) => !key.isWellFormed());

const holdsHalfPair = (value: unknown): boolean => {
  const left = [value];
  while (left.length > 0) {
    const item = left.pop();
    if (isHalved(item)) return true;
    if (item !== null && typeof item === "object")
      for (const inner of Object.values(item)) left.push(inner);
  }
  return false;
};

/** Most places that `findHalfPairs` names. */
const maxPlaces = 10;

/**
 * Finds the texts and field names of a value that hold half a surrogate pair: they cannot be written as UTF-8, and no
 * provider takes them. It does not recurse, so that deep nesting cannot exhaust the stack.
 *
 * @returns the paths of the first of them; of a field's name, the path of its object
 */
export const findHalfPairs = (value: unknown): (readonly string[])[] => {
  const found: (readonly string[])[] = [];
  let level = holdsHalfPair(value) ? [{ path: [] as readonly string[], value }] : [];
  while (level.length > 0 && found.length < maxPlaces) {
    found.push(...level.filter((place) => isHalved(place.value)).map(({ path }) => path));
    level = level.flatMap(({ path, value: item }) =>
      childrenOf(item).map(([key, inner]) => ({ path: [...path, key], value: inner })),
    );
  }
  return found.slice(0, maxPlaces);
};

/** Replaces half surrogate pairs in any JSON by U+FFFD, in texts and in field names. A value without any comes back as it is. */
export const wellFormed = <T>(value: T): T => {
  if (!holdsHalfPair(value)) return value;
  const mend = (item: unknown): unknown => {
    if (typeof item === "string") return item.toWellFormed();
    if (Array.isArray(item)) return item.map(mend);
    if (!isObject(item)) return item;
    return Object.fromEntries(
      Object.entries(item).map(([key, inner]) => [key.toWellFormed(), mend(inner)]),
    );
  };
  return mend(value) as T;
};

export const JsonObject = z.record(z.string(), Json);

/**
 * Writes JSON with sorted keys and no white space: the same value gives the same text in whatever order its keys came.
 * Members are joined as text, because an object would reorder the keys `"10"` and `"9"`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8785
 */
export const canonicalJson = (value: Json): string => {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`);
  return `{${members.join(",")}}`;
};
