import { isObject } from "../domain/json.ts";
import { mapSubschemas, type SchemaNode } from "./subschemas.ts";

const definition = /^#\/(?:\$defs|definitions)(?=\/)/;

const liftedRef = (ref: string, property: string): string => {
  if (!ref.startsWith("#")) return ref;
  if (definition.test(ref)) return ref.replace(definition, "#/$defs");
  return ref === "#" || ref.startsWith("#/") ? `#/properties/${property}${ref.slice(1)}` : ref;
};

const withLiftedRefs = (schema: unknown, property: string): unknown => {
  if (!isObject(schema)) return schema;
  const copy = mapSubschemas(schema, (inner) => withLiftedRefs(inner, property));
  const { $ref } = copy;
  return typeof $ref === "string" ? { ...copy, $ref: liftedRef($ref, property) } : copy;
};

/**
 * Moves the definitions of a property's schema to the root, where providers look for them, and makes its references right
 * there: a schema that was written alone refers to its own root.
 */
export const liftDefinitions = (root: SchemaNode, property: string): SchemaNode => {
  const properties = isObject(root.properties) ? root.properties : {};
  const inner = properties[property];
  if (!isObject(inner)) return root;
  const { $defs, definitions, ...rest } = withLiftedRefs(inner, property) as SchemaNode;
  const lifted = { ...Object(definitions), ...Object($defs) };
  return {
    ...root,
    properties: { ...properties, [property]: rest },
    ...(Object.keys(lifted).length > 0 && { $defs: { ...Object(root.$defs), ...lifted } }),
  };
};
