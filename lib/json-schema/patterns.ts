import { RE2JS } from "re2js";
import { isObject } from "../domain/json.ts";
import { mapSubschemas, type SchemaNode } from "./subschemas.ts";

type Pattern = { test: (text: string) => boolean };

/**
 * Reads a pattern with RE2, whose time grows only with the text's length: a pattern of `RegExp` may take for ever.
 *
 * @throws an error of RE2 for a pattern that it does not have: look-ahead, look-behind, back references
 */
export const readPattern = (pattern: string): Pattern => {
  const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern));
  return { test: (text) => compiled.matcher(text).find() };
};

const isReadable = (pattern: unknown): boolean => {
  try {
    readPattern(String(pattern));
    return true;
  } catch {
    return false;
  }
};

/** Keywords in which a weaker schema accepts less. */
const inverting: readonly string[] = ["not", "oneOf", "if", "then", "else", "contains"];

const hasUnread = (schema: unknown): boolean => {
  let isFound = false;
  withoutUnreadPatterns(schema, () => {
    isFound = true;
  });
  return isFound;
};

const unreadKeywords = (schema: SchemaNode): string[] => {
  const { pattern, patternProperties } = schema;
  const isPropertiesUnread =
    isObject(patternProperties) && !Object.keys(patternProperties).every(isReadable);
  return [
    ...(typeof pattern === "string" && !isReadable(pattern) ? ["pattern"] : []),
    ...(isPropertiesUnread
      ? ["patternProperties", "additionalProperties", "unevaluatedProperties"]
      : []),
  ];
};

/** Removes what cannot be judged because RE2 lacks a pattern. The rest accepts at least all that the whole schema accepts. */
export const withoutUnreadPatterns = (
  schema: unknown,
  onRemoved: () => void = () => undefined,
): unknown => {
  if (!isObject(schema)) return schema;
  const unread = unreadKeywords(schema);
  const inverted = inverting.filter(
    (keyword) => keyword in schema && [schema[keyword]].flat().some(hasUnread),
  );
  const removed = [...unread, ...inverted, ...(inverted.includes("if") ? ["then", "else"] : [])];
  if (removed.length > 0) onRemoved();
  const rest = Object.fromEntries(
    Object.entries(schema).filter(([keyword]) => !removed.includes(keyword)),
  );
  return mapSubschemas(rest, (inner) => withoutUnreadPatterns(inner, onRemoved));
};
