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
