import * as z from "zod";

/** Keywords whose members are named by the server, and those whose values are no schemas. */
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
 * What a tool's input has to be. What cannot be checked here, the server checks: also what has patterns, as a pattern may
 * take for ever on what a model writes.
 */
export const schemaOf = (inputSchema: unknown): z.ZodType => {
  if (hasPattern(inputSchema)) return anyObject;
  try {
    return z.fromJSONSchema(inputSchema as Parameters<typeof z.fromJSONSchema>[0]);
  } catch {
    return anyObject;
  }
};
