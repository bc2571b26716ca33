import { isObject } from "../../domain/json.ts";
import { headerValue } from "./session.ts";

type Found = { header: string; value: unknown };

const foundIn = (schema: unknown, value: unknown): Found[] => {
  if (!isObject(schema)) return [];
  const header = schema["x-mcp-header"];
  const own = typeof header === "string" ? [{ header, value }] : [];
  if (!isObject(schema.properties)) return own;
  const inner = Object.entries(schema.properties).flatMap(([key, property]) =>
    foundIn(property, isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined),
  );
  return [...own, ...inner];
};

const isPlain = (value: unknown): value is string | number | boolean =>
  ["string", "number", "boolean"].includes(typeof value);

const isToken = (text: string): boolean => /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(text);

/**
 * Makes the headers that a tool's schema wants beside its input, by `x-mcp-header`. Only the version without sessions has them.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28/server/tools
 */
export const paramHeaders = (schema: unknown, input: unknown): Record<string, string> =>
  Object.fromEntries(
    foundIn(schema, input)
      .filter(({ header, value }) => isToken(header) && isPlain(value))
      .map(({ header, value }) => [
        `mcp-param-${header.toLowerCase()}`,
        headerValue(String(value)),
      ]),
  );
