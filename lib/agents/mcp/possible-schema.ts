import { isObject } from "../../domain/json.ts";
import { mapSubschemas } from "../../json-schema/subschemas.ts";

type InputSchema = { [key: string]: unknown };

/** Keywords whose schemas hold for parts of the value. Within alternatives, an impossible schema has its meaning. */
const parts: readonly string[] = ["properties", "items", "prefixItems", "additionalProperties"];

const possible = (schema: unknown, keyword: string): unknown =>
  isObject(schema) && parts.includes(keyword) ? withoutImpossible(schema) : schema;

/**
 * Makes a schema that nothing meets one that can be met: a name that is required, but neither declared nor allowed, is required
 * no longer. The server judges the input in any case.
 */
export const withoutImpossible = (schema: InputSchema): InputSchema => {
  const inner = mapSubschemas(schema, possible);
  const { properties, required, additionalProperties, patternProperties } = inner;
  const isClosed = additionalProperties === false && patternProperties === undefined;
  if (!isClosed || !Array.isArray(required)) return inner;
  const declared: object = isObject(properties) ? properties : {};
  return { ...inner, required: required.filter((name) => Object.hasOwn(declared, name)) };
};
