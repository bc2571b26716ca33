import * as z from "zod";

/** Keywords whose members are named by the server, and those whose values are no schemas. */
const naming = ["properties", "$defs", "definitions", "dependentSchemas"];
const values = ["const", "default", "enum", "examples"];
/** A server's pattern may take for ever on what a model writes. */
const patterns = ["pattern", "patternProperties"];

const withoutPatterns = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(withoutPatterns);
  if (schema === null || typeof schema !== "object") return schema;
  const kept = Object.entries(schema).filter(([key]) => !patterns.includes(key));
  return Object.fromEntries(
    kept.map(([key, value]) => {
      if (values.includes(key)) return [key, value];
      return [key, naming.includes(key) ? mapped(value) : withoutPatterns(value)];
    }),
  );
};

const mapped = (schemas: unknown): unknown =>
  Object.fromEntries(
    Object.entries(Object(schemas)).map(([name, schema]) => [name, withoutPatterns(schema)]),
  );

/** What of a server's schema cannot be checked here, the server checks. */
export const schemaOf = (inputSchema: unknown): z.ZodType => {
  try {
    return z.fromJSONSchema(withoutPatterns(inputSchema) as Parameters<typeof z.fromJSONSchema>[0]);
  } catch {
    return z.record(z.string(), z.unknown());
  }
};
