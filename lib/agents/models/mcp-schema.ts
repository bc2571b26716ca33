import * as z from "zod";

/** Keywords that hold schemas under names of the server's choice, and keywords that hold plain values. */
const schemasByName = ["properties", "$defs", "definitions", "dependentSchemas"];
const plainValues = ["const", "default", "enum", "examples"];

const hasPattern = (schema: unknown): boolean => {
  if (Array.isArray(schema)) return schema.some(hasPattern);
  if (schema === null || typeof schema !== "object") return false;
  return Object.entries(schema).some(([key, value]) => {
    if (key === "pattern" || key === "patternProperties") return true;
    if (plainValues.includes(key)) return false;
    return schemasByName.includes(key)
      ? Object.values(Object(value)).some(hasPattern)
      : hasPattern(value);
  });
};

const anyObject = z.record(z.string(), z.unknown());

/**
 * Makes the schema of a tool's input. It accepts any object for a JSON Schema that zod cannot read, and for one with a pattern,
 * because a regular expression of a server may run very long. The server checks the input itself.
 */
export const schemaOf = (inputSchema: unknown): z.ZodType => {
  if (hasPattern(inputSchema)) return anyObject;
  try {
    return z.fromJSONSchema(inputSchema as Parameters<typeof z.fromJSONSchema>[0]);
  } catch {
    return anyObject;
  }
};
