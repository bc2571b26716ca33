import { isObject } from "../../domain/json.ts";

/** A JSON Schema that is an object. */
export type ToolSchema = { readonly [keyword: string]: unknown };

/** Keywords that hold one schema, a list of schemas, and schemas by names of the author's choice. */
const single = [
  "items",
  "additionalItems",
  "additionalProperties",
  "contains",
  "not",
  "if",
  "then",
  "else",
  "propertyNames",
  "unevaluatedItems",
  "unevaluatedProperties",
];
const listed = ["anyOf", "oneOf", "allOf", "prefixItems", "items"];
const byName = ["properties", "patternProperties", "dependentSchemas"];

/** Changes the schemas right inside a schema; what is no schema stays. */
export const mapChildren = (schema: ToolSchema, change: (child: unknown) => unknown): ToolSchema =>
  Object.fromEntries(
    Object.entries(schema).map(([keyword, value]): [string, unknown] => {
      if (byName.includes(keyword) && isObject(value)) {
        return [
          keyword,
          Object.fromEntries(Object.entries(value).map(([name, child]) => [name, change(child)])),
        ];
      }
      if (listed.includes(keyword) && Array.isArray(value)) return [keyword, value.map(change)];
      return [keyword, single.includes(keyword) && isObject(value) ? change(value) : value];
    }),
  );

/** Gives the properties that a schema declares. */
export const propertiesOf = ({ properties }: ToolSchema): Readonly<Record<string, unknown>> =>
  isObject(properties) ? properties : {};

/** Gives the names that a schema requires. */
export const requiredOf = ({ required }: ToolSchema): string[] =>
  Array.isArray(required)
    ? [...new Set(required.filter((name): name is string => typeof name === "string"))]
    : [];

/** Gives the schemas in a list; none when it is no list. */
export const listOf = (value: unknown): ToolSchema[] =>
  Array.isArray(value) ? value.filter(isObject) : [];
