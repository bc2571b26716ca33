import { isObject } from "../../domain/json.ts";
import type { Dialect } from "./dialects.ts";
import { listOf, propertiesOf, requiredOf, type ToolSchema } from "./schema-node.ts";

const types = ["object", "array", "string", "number", "integer", "boolean", "null"];

/** Reads `type`, also in capitals, as a list, or with OpenAPI's `nullable`; none when it says nothing that is known. */
const typesOf = ({ type, nullable }: ToolSchema): string[] => {
  const named = [type].flat().map((name) => String(name).toLowerCase());
  const known = types.filter((name) => named.includes(name));
  return known.length > 0 && nullable === true ? [...new Set([...known, "null"])] : known;
};

/** The type that a schema without `type` must mean. */
const impliedTypes = (schema: ToolSchema): string[] => {
  if (isObject(schema.properties) || isObject(schema.patternProperties)) return ["object"];
  return "items" in schema || "prefixItems" in schema ? ["array"] : [];
};

/** Characters of a text within a schema: what is more costs tokens with every call. */
const maxText = 4_000;

const text = (value: unknown): string | null =>
  typeof value === "string" && value.trim() ? value.trim().slice(0, maxText).toWellFormed() : null;

/** Reads the bounds of JSON Schema's draft 4, where `exclusiveMinimum` says whether `minimum` is one. */
const withBounds = (schema: ToolSchema): ToolSchema => {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  return {
    ...schema,
    ...(exclusiveMinimum === true && { exclusiveMinimum: minimum, minimum: undefined }),
    ...(exclusiveMaximum === true && { exclusiveMaximum: maximum, maximum: undefined }),
  };
};

const isTaken = (value: unknown, kind: Dialect["keywords"][string]): boolean => {
  if (kind === "any") return value !== undefined;
  if (kind === "string") return text(value) !== null;
  return typeof value === kind && (kind !== "number" || Number.isFinite(value));
};

/** Keeps the keywords that a provider takes, where their values have the right type. */
const plainKeywords = (given: ToolSchema, { keywords, formats }: Dialect): ToolSchema => {
  const schema = withBounds(given);
  const kept = Object.entries(keywords).flatMap(([keyword, kind]) => {
    const value = schema[keyword];
    if (!Object.hasOwn(schema, keyword) || !isTaken(value, kind)) return [];
    return [[keyword, kind === "string" ? text(value) : value] as const];
  });
  const { format, ...rest } = Object.fromEntries(kept) as ToolSchema;
  if (format === undefined || formats === null || formats.includes(String(format))) {
    return { ...rest, ...(format !== undefined && { format }) };
  }
  const described = [text(rest.description), `Format: ${format}.`].filter(Boolean).join(" ");
  return { ...rest, description: described };
};

const isPlain = (value: unknown) => typeof value === "string" || typeof value === "number";

/** Writes `enum` and `const` as a provider takes them. */
const choices = (schema: ToolSchema, { plainEnums, keywords }: Dialect): ToolSchema => {
  const one = Object.hasOwn(schema, "const") && !("const" in keywords) ? [schema.const] : [];
  const given = Array.isArray(schema.enum) ? schema.enum : one;
  const taken = plainEnums ? given.filter(isPlain) : given;
  const isComplete = taken.length === given.filter((value) => value !== null).length;
  return taken.length > 0 && (isComplete || !plainEnums) ? { enum: [...new Set(taken)] } : {};
};

type Cleaning = { dialect: Dialect; depth: number };

const cleanAll = (schemas: readonly unknown[], cleaning: Cleaning): ToolSchema[] =>
  schemas.filter((schema) => schema !== false).map((schema) => clean(schema, cleaning));

/** Cleans what an object says of its properties. A name that is only required is declared, so that a model can give it. */
const objectKeywords = (schema: ToolSchema, cleaning: Cleaning): ToolSchema => {
  const declared = Object.entries(propertiesOf(schema)).filter(
    ([, property]) => property !== false,
  );
  const names = declared.map(([name]) => name);
  const impossible = Object.keys(propertiesOf(schema)).filter((name) => !names.includes(name));
  const required = requiredOf(schema).filter((name) => !impossible.includes(name));
  const isClosed = schema.additionalProperties === false && !isObject(schema.patternProperties);
  const undeclared = isClosed ? [] : required.filter((name) => !names.includes(name));
  const all = [...declared, ...undeclared.map((name): [string, unknown] => [name, {}])];
  const kept = required.filter((name) => all.some(([other]) => other === name));
  const rest = isObject(schema.patternProperties) ? undefined : schema.additionalProperties;
  return {
    properties: Object.fromEntries(all.map(([name, child]) => [name, clean(child, cleaning)])),
    ...(kept.length > 0 && { required: kept }),
    ...(typeof rest === "boolean" && { additionalProperties: rest }),
    ...(isObject(rest) && { additionalProperties: clean(rest, cleaning) }),
  };
};

const arrayKeywords = ({ items, prefixItems }: ToolSchema, cleaning: Cleaning): ToolSchema => {
  const places = [items, prefixItems].find(Array.isArray) as unknown[] | undefined;
  if (!places) return { items: clean(items, cleaning) };
  const kinds = cleanAll(places, cleaning);
  return { items: kinds.length > 1 ? { anyOf: kinds } : (kinds[0] ?? {}) };
};

/** Joins the parts of `allOf` into their schema. What the schema says itself counts first, then the first part. */
const withAllOf = (schema: ToolSchema): ToolSchema => {
  const { allOf, ...own } = schema;
  const all = [own, ...listOf(allOf).map(withAllOf)];
  if (all.length === 1) return own;
  const lastFirst = all.toReversed();
  const properties = Object.fromEntries(
    lastFirst.map(propertiesOf).flatMap(Object.entries),
  ) as ToolSchema;
  const required = [...new Set(all.flatMap(requiredOf))];
  return {
    ...Object.assign({}, ...lastFirst),
    ...(Object.keys(properties).length > 0 && { properties }),
    ...(required.length > 0 && { required }),
  };
};

const alternatives = ({ anyOf, oneOf }: ToolSchema, cleaning: Cleaning): ToolSchema => {
  const given = [anyOf, oneOf].find((list) => Array.isArray(list) && list.length > 0);
  const all = cleanAll((given as unknown[] | undefined) ?? [], cleaning);
  const isOpen = all.some((schema) => Object.keys(schema).length === 0);
  return all.length > 0 && !isOpen ? { anyOf: all } : {};
};

/** Makes a schema without references one that a provider takes, at any place below the top. */
export const clean = (given: unknown, { dialect, depth }: Cleaning): ToolSchema => {
  if (!isObject(given)) return {};
  const schema = withAllOf(given);
  const known = typesOf(schema);
  const named = known.length > 0 ? known : impliedTypes(schema);
  const type = named.length > 0 && { type: named.length === 1 ? named[0] : named };
  const plain = plainKeywords(schema, dialect);
  if (depth >= dialect.maxDepth) {
    return {
      ...type,
      ...plain,
      ...(named.includes("object") && { properties: {} }),
      ...(named.includes("array") && { items: {} }),
    };
  }
  const inner = { dialect, depth: depth + 1 };
  return {
    ...type,
    ...plain,
    ...choices(schema, dialect),
    ...alternatives(schema, inner),
    ...(named.includes("object") && objectKeywords(schema, inner)),
    ...(named.includes("array") && arrayKeywords(schema, inner)),
  };
};
