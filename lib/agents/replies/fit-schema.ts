import { isObject } from "../../domain/json.ts";
import { readJson } from "./find-objects.ts";
import {
  acceptsNull,
  hasType,
  type JsonSchemaNode,
  optionsOf,
  resolveNode,
  type TypeName,
  typeOf,
  typesOf,
} from "./schema-node.ts";
import { textAsBoolean, textAsNumber, textAsShare } from "./text-values.ts";

/** A value that fits its schema better, and what was done for it. */
type Fitted = { value: unknown; mends: string[] };

/** A value's place in the answer: the whole schema, the mends so far, its path in words for the log, its depth. */
type Fitting = { root: JsonSchemaNode; mends: string[]; path: string; depth: number };

/** Objects nested deeper than this are left as they are: an artifact may not be so deep. */
const maxDepth = 64;
const maxPathCharacters = 120;

const inside = (fitting: Fitting, key: string): Fitting => ({
  ...fitting,
  path: (fitting.path ? `${fitting.path}.${key}` : key).slice(0, maxPathCharacters),
  depth: fitting.depth + 1,
});

const note = ({ mends, path }: Fitting, what: string) => {
  mends.push(`${path || "the answer"}: ${what}`);
};

const nodeOf = (node: unknown): JsonSchemaNode => (isObject(node) ? node : {});

const fitFields = (
  fitting: Fitting,
  node: JsonSchemaNode,
  value: { [key: string]: unknown },
): unknown => {
  const properties = nodeOf(node.properties);
  const required = Array.isArray(node.required) ? node.required : [];
  const entries = Object.entries(value).flatMap(([key, field]): [string, unknown][] => {
    const at = inside(fitting, key);
    const isKnown = Object.hasOwn(properties, key);
    if (!isKnown && node.additionalProperties === false) {
      note(at, "left out, as it was not asked for");
      return [];
    }
    const schema = nodeOf(isKnown ? properties[key] : node.additionalProperties);
    if (field === null && !required.includes(key) && !acceptsNull(fitting.root, schema)) {
      note(at, "null left out");
      return [];
    }
    return [[key, fitValue(at, schema, field)]];
  });
  return Object.fromEntries(entries);
};

const sameWord = (a: unknown, b: string) =>
  typeof a === "string" && a.trim().toLowerCase() === b.trim().toLowerCase();

/** Finds the one word of a list that differs only by capitals or white space. */
const fitWord = (fitting: Fitting, node: JsonSchemaNode, value: string): unknown => {
  const words = Array.isArray(node.enum) ? node.enum : "const" in node ? [node.const] : [];
  if (words.length === 0 || words.includes(value)) return value;
  const alike = words.filter((word) => sameWord(word, value));
  if (alike.length !== 1) return value;
  note(fitting, `read as "${alike[0]}"`);
  return alike[0];
};

const isShare = ({ minimum, maximum }: JsonSchemaNode) => minimum === 0 && maximum === 1;

/** Reads a number of percent as a share. From 2 to 10 it could also be a mark out of ten. */
const fitNumber = (fitting: Fitting, node: JsonSchemaNode, value: number) => {
  if (!isShare(node) || value <= 10 || value > 100) return value;
  note(fitting, `${value} read as ${value} %`);
  return value / 100;
};

const fitInside = (fitting: Fitting, node: JsonSchemaNode, value: unknown): unknown => {
  if (Array.isArray(value))
    return value.map((item, n) => fitValue(inside(fitting, String(n)), nodeOf(node.items), item));
  if (isObject(value)) return fitFields(fitting, node, value);
  if (typeof value === "string") return fitWord(fitting, node, value);
  return typeof value === "number" ? fitNumber(fitting, node, value) : value;
};

const readText = (node: JsonSchemaNode, type: TypeName, text: string): unknown => {
  if (type === "boolean") return textAsBoolean(text);
  if (type === "number" || type === "integer")
    return isShare(node) ? textAsShare(text) : textAsNumber(text);
  return undefined;
};

const emptyWord = /^\s*(?:null|none|n\/a)?\s*$/i;
/** A text that may be a list in itself: how it is divided is not certain. */
const isDivided = (text: string) => /[\n,;]/.test(text.trim());

/** Makes the value of one type from a text; undefined when the text has not one meaning only. */
const fromText = (
  fitting: Fitting,
  { node, type, text }: { node: JsonSchemaNode; type: TypeName; text: string },
): unknown => {
  const read = readText(node, type, text);
  if (read !== undefined) {
    note(fitting, `a text read as ${read}`);
    return read;
  }
  const json = readJson(text);
  if (json && typeOf(json.value) === type) {
    note(fitting, "a text read as the JSON in it");
    return fitValue(fitting, node, json.value);
  }
  if (type !== "array" || json) return undefined;
  if (emptyWord.test(text)) {
    note(fitting, "an empty text read as an empty list");
    return [];
  }
  return isDivided(text) ? undefined : wrapped(fitting, node, text);
};

const wrapped = (fitting: Fitting, node: JsonSchemaNode, value: unknown): unknown => {
  note(fitting, "one value read as a list of one");
  return [fitValue(inside(fitting, "0"), nodeOf(node.items), value)];
};

/** Makes a value of the type that the schema wants; undefined when there is not one way only. */
const converted = (fitting: Fitting, node: JsonSchemaNode, value: unknown): unknown => {
  const types = typesOf(node).filter((type) => type !== "null");
  const [type] = types;
  if (type === undefined || types.length > 1 || value === null) return undefined;
  if (typeof value === "string") {
    if (type === "object" && acceptsNull(fitting.root, node) && emptyWord.test(value)) return null;
    return fromText(fitting, { node, type, text: value });
  }
  if (type === "array") return wrapped(fitting, node, value);
  if (!Array.isArray(value) || value.length !== 1) return undefined;
  note(fitting, "a list of one read as its value");
  return fitValue(fitting, node, value[0]);
};

/** Tries to make a value fit a schema, with its mends apart. */
const attempt = (fitting: Fitting, node: JsonSchemaNode, value: unknown): Fitted | null => {
  const trial = { ...fitting, mends: [] };
  const resolved = resolveNode(fitting.root, node);
  const made = converted(trial, resolved, value);
  return made === undefined ? null : { value: made, mends: trial.mends };
};

/** Fits a value to the alternative that it is meant for; leaves it when that is not certain. */
const fitOption = (
  fitting: Fitting,
  options: readonly JsonSchemaNode[],
  value: unknown,
): unknown => {
  const meant = optionsOf(fitting.root, options, value);
  if (meant.length === 1) return fitValue(fitting, nodeOf(meant[0]), value);
  if (meant.length > 1) return value;
  const isNullable = options.some((option) => acceptsNull(fitting.root, option));
  if (isNullable && typeof value === "string" && emptyWord.test(value)) {
    note(fitting, "an empty text read as null");
    return null;
  }
  const json = typeof value === "string" ? readJson(value) : null;
  if (json && optionsOf(fitting.root, options, json.value).length === 1) {
    note(fitting, "a text read as the JSON in it");
    return fitOption(fitting, options, json.value);
  }
  const made = options.flatMap((option) => attempt(fitting, option, value) ?? []);
  const [only] = made;
  if (!only || made.length > 1) return value;
  fitting.mends.push(...only.mends);
  return only.value;
};

/** Fits a value to a schema. What has not one meaning only is left for the validator to refuse. */
const fitValue = (fitting: Fitting, schema: JsonSchemaNode, value: unknown): unknown => {
  if (fitting.depth > maxDepth) return value;
  const node = resolveNode(fitting.root, schema);
  const options = node.anyOf ?? node.oneOf;
  if (Array.isArray(options)) return fitOption(fitting, options.map(nodeOf), value);
  if (hasType(node, value)) return fitInside(fitting, node, value);
  return converted(fitting, node, value) ?? value;
};

/**
 * Makes a value fit a JSON Schema where what was meant has one meaning only: null for a field that may be missing, a number or
 * an object in a text, one value for a list of one, 95 for 0.95. The value itself stays as it is.
 *
 * @returns the new value, and each mend in words
 */
export const fitToSchema = (root: JsonSchemaNode, value: unknown): Fitted => {
  const fitting: Fitting = { root, mends: [], path: "", depth: 0 };
  return { value: fitValue(fitting, root, value), mends: fitting.mends };
};
