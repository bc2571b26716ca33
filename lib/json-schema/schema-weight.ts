import { isObject } from "../domain/json.ts";
import { type SchemaNode, subschemasOf } from "./subschemas.ts";

const stepInto = (value: unknown, part: string): unknown =>
  value !== null && typeof value === "object" && Object.hasOwn(value, part)
    ? (value as SchemaNode)[part]
    : undefined;

const decoded = (part: string): string => {
  const text = part.replaceAll("~1", "/").replaceAll("~0", "~");
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

const targetOf = (root: SchemaNode, ref: unknown): unknown =>
  typeof ref === "string" && ref.startsWith("#")
    ? ref
        .slice(1)
        .split("/")
        .slice(1)
        .map(decoded)
        .reduce(stepInto, root as unknown)
    : undefined;

/**
 * Counts the schemas that judging one value may take, with each reference written out: twenty definitions that each name the
 * next one twice are a million. A reference to a schema around it counts once, as the value's depth limits it.
 */
export const schemaWeight = (root: SchemaNode): number => {
  const weights = new Map<unknown, number>();
  const weigh = (schema: unknown): number => {
    if (!isObject(schema)) return 1;
    const known = weights.get(schema);
    if (known !== undefined) return known;
    weights.set(schema, 1);
    const inner = [...subschemasOf(schema), targetOf(root, schema.$ref)];
    const weight = inner.reduce<number>((sum, each) => sum + weigh(each), 1);
    weights.set(schema, weight);
    return weight;
  };
  return weigh(root);
};
