import { isObject, jsonByteLength } from "../../domain/json.ts";
import { mapChildren, type ToolSchema } from "./schema-node.ts";

/** Schemas that one tool's schema may have when its references are written out. What is beyond takes any value. */
const maxNodes = 3_000;
/** Bytes that its references may add when they are written out. */
const maxBytes = 200_000;
/** How often a schema may stand within itself. */
const maxRepeats = 1;
/** Levels of schemas in each other. */
const maxDepth = 64;

const decoded = (step: string): string => {
  try {
    return decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~");
  } catch {
    return step;
  }
};

const childAt = (value: unknown, step: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, step)
    ? (value as Record<string, unknown>)[step]
    : undefined;

/** Finds what a local reference points to; undefined for any other. */
const resolve = (root: ToolSchema, reference: string): unknown => {
  if (reference === "#") return root;
  if (!reference.startsWith("#/")) return undefined;
  return reference.slice(2).split("/").map(decoded).reduce<unknown>(childAt, root);
};

type Walk = {
  root: ToolSchema;
  left: { nodes: number; bytes: number };
  /** The references that are being written out. */
  open: readonly string[];
  depth: number;
};

const expanded = (schema: ToolSchema, walk: Walk): ToolSchema => {
  const { $ref, $defs, definitions, ...rest } = schema;
  if (typeof $ref !== "string") return mapChildren(rest, (child) => walkThrough(child, walk));
  const repeats = walk.open.filter((other) => other === $ref).length;
  const target = repeats > maxRepeats ? undefined : resolve(walk.root, $ref);
  if (isObject(target)) walk.left.bytes -= jsonByteLength(target);
  const inner =
    isObject(target) && walk.left.bytes >= 0
      ? walkThrough(target, { ...walk, open: [...walk.open, $ref] })
      : {};
  const own = mapChildren(rest, (child) => walkThrough(child, walk));
  return { ...(isObject(inner) ? inner : {}), ...own };
};

const walkThrough = (schema: unknown, walk: Walk): unknown => {
  walk.left.nodes -= 1;
  if (walk.left.nodes < 0 || walk.depth > maxDepth) return {};
  return isObject(schema) ? expanded(schema, { ...walk, depth: walk.depth + 1 }) : schema;
};

/**
 * Writes out the references of a schema: providers differ in which they follow. A schema within itself is written out once more,
 * and takes any value below that.
 */
export const inlineRefs = (schema: ToolSchema): ToolSchema =>
  expanded(schema, {
    root: schema,
    left: { nodes: maxNodes, bytes: maxBytes },
    open: [],
    depth: 0,
  });
