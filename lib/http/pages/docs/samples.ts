import { nameOf, type OpenApiSchema, type Schemas } from "../../openapi/schemas.ts";

const byFormat: Record<string, unknown> = {
  uuid: "0198c0de-0000-7000-8000-000000000001",
  "date-time": "2026-01-01T12:00:00.000Z",
};

const byType: Record<string, (schema: OpenApiSchema) => unknown> = {
  string: ({ format = "" }) => byFormat[format] ?? "…",
  integer: ({ minimum = 1 }) => minimum,
  number: ({ minimum = 0 }) => minimum,
  boolean: () => true,
  null: () => null,
};

/** Sample texts by the names of fields. */
const byName: Record<string, string> = {
  name: "Todo app",
  question: "Is the plan complete?",
  instructions: "Write a function that adds two numbers.",
  sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
};

const sampleObject = ({ properties = {} }: OpenApiSchema, schemas: Schemas) =>
  Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [
      name,
      (schema.type === "string" && byName[name]) || sampleOf(schema, schemas),
    ]),
  );

const hasNull = ({ type, anyOf = [] }: OpenApiSchema) =>
  (Array.isArray(type) && type.includes("null")) || anyOf.some((choice) => choice.type === "null");

const pick = (schema: OpenApiSchema): unknown =>
  schema.examples?.[0] ?? schema.default ?? schema.const ?? schema.enum?.[0];

/** Makes a short value that fits a schema: its own example when it has one. */
export const sampleOf = (schema: OpenApiSchema, schemas: Schemas): unknown => {
  const target = schema.$ref ? schemas[nameOf(schema)] : undefined;
  if (target) return sampleOf(target, schemas);
  if (hasNull(schema)) return null;
  const picked = pick(schema);
  if (picked !== undefined) return picked;
  const [choice] = schema.anyOf ?? schema.oneOf ?? [];
  if (choice) return sampleOf(choice, schemas);
  if (schema.items) return [sampleOf(schema.items, schemas)];
  if (schema.type === "object") return sampleObject(schema, schemas);
  return byType[String(schema.type)]?.(schema) ?? "…";
};
