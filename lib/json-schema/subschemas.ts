import { isObject } from "../domain/json.ts";

/** A JSON Schema, or a part of one, as an object. */
export type SchemaNode = { [key: string]: unknown };

/** Keywords whose value has schemas under names of the author's choice; and keywords whose value is no schema. */
const schemasByName = [
  "properties",
  "patternProperties",
  "$defs",
  "definitions",
  "dependentSchemas",
];
const plainValues = ["const", "default", "enum", "examples", "example", "required", "type"];

type Change = (schema: unknown, keyword: string) => unknown;

const changed = (keyword: string, value: unknown, change: Change): unknown => {
  if (plainValues.includes(keyword)) return value;
  if (schemasByName.includes(keyword) && isObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, schema]) => [name, change(schema, keyword)]),
    );
  }
  if (Array.isArray(value)) return value.map((schema) => change(schema, keyword));
  return isObject(value) ? change(value, keyword) : value;
};

/** Gives a copy of a schema with `change` applied to the schemas directly in it. Plain values, such as `enum`, stay. */
export const mapSubschemas = (schema: SchemaNode, change: Change): SchemaNode =>
  Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => [keyword, changed(keyword, value, change)]),
  );

/** Lists the schemas directly in a schema. */
export const subschemasOf = (schema: SchemaNode): unknown[] => {
  const found: unknown[] = [];
  mapSubschemas(schema, (inner) => {
    found.push(inner);
    return inner;
  });
  return found;
};
