import { isObject } from "../../domain/json.ts";

/** A JSON Schema, or a part of one. */
export type JsonSchemaNode = { [key: string]: unknown };

export type TypeName =
  | "null"
  | "boolean"
  | "integer"
  | "number"
  | "string"
  | "array"
  | "object"
  | "undefined";

/** Names the JSON type of a value. A whole number is a `number`. */
export const typeOf = (value: unknown): TypeName => {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : (typeof value as TypeName);
};

/** Lists the types that a schema names; empty when it names none. */
export const typesOf = ({ type }: JsonSchemaNode): readonly TypeName[] =>
  (Array.isArray(type) ? type : type === undefined ? [] : [type]) as TypeName[];

const maxReferences = 10;

/** Finds what a JSON Pointer points to. https://www.rfc-editor.org/rfc/rfc6901 */
const targetOf = (root: JsonSchemaNode, pointer: string): unknown =>
  pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce<unknown>(
      (target, key) => (isObject(target) && Object.hasOwn(target, key) ? target[key] : undefined),
      root,
    );

/** Follows the references of a schema within its document; gives an empty schema where that fails. */
export const resolveNode = (root: JsonSchemaNode, node: JsonSchemaNode): JsonSchemaNode => {
  let resolved: unknown = node;
  for (let n = 0; n < maxReferences && isObject(resolved); n += 1) {
    const { $ref } = resolved;
    if (typeof $ref !== "string") return resolved;
    resolved = $ref.startsWith("#") ? targetOf(root, $ref.slice(1)) : undefined;
  }
  return {};
};

const alternativesOf = ({ anyOf, oneOf }: JsonSchemaNode): readonly JsonSchemaNode[] | null => {
  const options = anyOf ?? oneOf;
  return Array.isArray(options) ? options.filter(isObject) : null;
};

/** Whether a schema takes null, as far as its types, words and alternatives tell. */
export const acceptsNull = (root: JsonSchemaNode, schema: JsonSchemaNode, depth = 0): boolean => {
  const node = resolveNode(root, schema);
  const options = alternativesOf(node);
  if (options) return depth > 5 || options.some((option) => acceptsNull(root, option, depth + 1));
  const types = typesOf(node);
  if (types.length > 0) return types.includes("null");
  if (Array.isArray(node.enum)) return node.enum.includes(null);
  return "const" in node ? node.const === null : true;
};

/** Whether a value has one of the types that a schema names. */
export const hasType = (node: JsonSchemaNode, value: unknown): boolean => {
  const types = typesOf(node);
  const type = typeOf(value);
  return (
    types.length === 0 || types.includes(type) || (type === "number" && types.includes("integer"))
  );
};

/** Whether an object has what an alternative requires, and the constants by which it is known. */
const meetsKeys = (
  { required, properties }: JsonSchemaNode,
  value: { [key: string]: unknown },
): boolean => {
  const wanted = Array.isArray(required) ? required : [];
  const fields = isObject(properties) ? properties : {};
  return (
    wanted.every((key) => typeof key === "string" && Object.hasOwn(value, key)) &&
    Object.entries(fields).every(
      ([key, field]) =>
        !isObject(field) || !("const" in field) || !(key in value) || field.const === value[key],
    )
  );
};

/** Chooses the alternatives of a schema that a value may be meant for, by its type and by the keys of an object. */
export const optionsOf = (
  root: JsonSchemaNode,
  options: readonly JsonSchemaNode[],
  value: unknown,
): readonly JsonSchemaNode[] => {
  const nodes = options.map((option) => resolveNode(root, option));
  const ofType = nodes.filter((node) => hasType(node, value));
  if (ofType.length < 2 || !isObject(value)) return ofType;
  const byKeys = ofType.filter((node) => meetsKeys(node, value));
  return byKeys.length > 0 ? byKeys : ofType;
};
