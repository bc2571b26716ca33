import { isObject } from "../../domain/json.ts";

/**
 * Gives a copy of a JSON value in which no text or key has an unpaired half of a surrogate pair: providers refuse those.
 * The value must not be nested too deep for a recursion.
 */
export const wellFormed = (value: unknown): unknown => {
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.toWellFormed(), wellFormed(inner)]),
  );
};
