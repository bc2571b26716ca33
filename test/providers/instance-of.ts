import { withSpokenConstraints } from "./spoken-constraints.ts";
import type { Json, Script } from "./wire.ts";

type Scope = { root: Json; depth: number; name: string };

const isSchema = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const numberIn = (schema: Json, key: string): number | undefined =>
  typeof schema[key] === "number" ? schema[key] : undefined;

const formats: Record<string, string> = {
  "date-time": "2030-01-01T00:00:00.000Z",
  date: "2030-01-01",
  time: "00:00:00Z",
  uuid: "00000000-0000-7000-8000-000000000001",
  email: "ann@example.com",
  uri: "https://example.com/",
};

const escapes: Record<string, string> = { "\\d": "1", "\\w": "a", "\\s": " ", ".": "a" };

const token = /(\[\^?(?:\\.|[^\]])+\]|\\.|\((?:\?:)?[^()]*\)|[^\\])(\{(\d+)(?:,\d*)?\}|[*+?])?/gu;

const timesOf = (quantifier: string | undefined, least: string | undefined) => {
  if (least) return Number(least);
  return quantifier === "*" || quantifier === "?" ? 0 : 1;
};

const oneOf = (piece: string): string => {
  if (piece.startsWith("(")) return matching(piece.slice(piece.startsWith("(?:") ? 3 : 1, -1));
  if (piece.startsWith("[")) return firstIn(piece.slice(1, -1));
  return escapes[piece] ?? piece.replace("\\", "");
};

const firstIn = (set: string): string => {
  if (set.startsWith("^")) return "a";
  const first = /^\\./.exec(set)?.[0] ?? set.charAt(0);
  return escapes[first] ?? first.replace("\\", "");
};

/** The shortest text of a simple pattern: literals, sets, groups, alternatives, quantifiers. */
const matching = (pattern: string): string => {
  const [first = ""] = pattern.replace(/^\^|\$$/g, "").split(/\|(?![^([]*[)\]])/u);
  return [...first.matchAll(token)]
    .map(([, piece = "", quantifier, least]) => oneOf(piece).repeat(timesOf(quantifier, least)))
    .join("");
};

const stringOf = (schema: Json, { name }: Scope): string => {
  if (typeof schema.format === "string" && formats[schema.format]) {
    return formats[schema.format] ?? "";
  }
  if (typeof schema.pattern === "string") return matching(schema.pattern);
  const text = `Some ${name || "text"}`;
  const least = numberIn(schema, "minLength") ?? 0;
  return text.padEnd(least, ".").slice(0, numberIn(schema, "maxLength"));
};

/** The least and the greatest number that is allowed; `gap` keeps clear of an exclusive bound. */
const boundsOf = (schema: Json, gap: number): [number, number] => [
  Math.max(
    numberIn(schema, "minimum") ?? -Infinity,
    (numberIn(schema, "exclusiveMinimum") ?? -Infinity) + gap,
  ),
  Math.min(
    numberIn(schema, "maximum") ?? Infinity,
    (numberIn(schema, "exclusiveMaximum") ?? Infinity) - gap,
  ),
];

/** The allowed number that is nearest to 1, or to 0.5 where it need not be an integer. */
const numberOf = (schema: Json): number => {
  const isInteger = schema.type === "integer";
  const step = numberIn(schema, "multipleOf") ?? (isInteger ? 1 : 0);
  const [least, most] = boundsOf(schema, isInteger ? 1 : 0.001);
  const nearest = Math.min(Math.max(isInteger ? 1 : 0.5, least), most);
  if (!step) return nearest;
  const above = Math.ceil(nearest / step) * step;
  return above <= most ? above : Math.floor(nearest / step) * step;
};

const arrayOf = (schema: Json, scope: Scope): unknown[] => {
  const listed = Array.isArray(schema.prefixItems) ? schema.prefixItems.filter(isSchema) : [];
  const least = numberIn(schema, "minItems") ?? Math.min(1, numberIn(schema, "maxItems") ?? 1);
  const { items } = schema;
  const more = isSchema(items) && scope.depth < deepest ? Math.max(0, least - listed.length) : 0;
  return [
    ...listed.map((item) => grow(item, scope)),
    ...Array.from({ length: more }, () => grow(isSchema(items) ? items : {}, scope)),
  ];
};

/** Below this depth, what need not be there is left out: a recursive schema comes to its end. */
const deepest = 8;

const objectOf = (schema: Json, scope: Scope): Json => {
  const properties = isSchema(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required : [];
  const wanted = Object.entries(properties).filter(
    ([name]) => required.includes(name) || scope.depth < deepest,
  );
  const named = wanted.map(([name, child]) => [
    name,
    grow(isSchema(child) ? child : {}, { ...scope, name }),
  ]);
  const { additionalProperties: rest } = schema;
  const free = isSchema(rest) && wanted.length === 0 && scope.depth < deepest;
  return Object.fromEntries(free ? [["key", grow(rest, { ...scope, name: "key" })]] : named);
};

const resolve = (schema: Json, root: Json): Json => {
  if (typeof schema.$ref !== "string") return schema;
  const steps = schema.$ref.split("/").slice(1);
  const target = steps.reduce<unknown>(
    (at, step) =>
      isSchema(at)
        ? at[decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~")]
        : null,
    root,
  );
  return isSchema(target) ? resolve(target, root) : {};
};

const isNull = (schema: unknown) => isSchema(schema) && schema.type === "null";

/** The alternative to take: one that is not null, unless the depth asks for an end. */
const choiceOf = (schema: Json, { depth }: Scope): Json | null => {
  const all = [schema.anyOf, schema.oneOf].find(Array.isArray) as unknown[] | undefined;
  if (!all) return null;
  const nothing = all.find(isNull);
  const chosen = depth >= deepest && nothing ? nothing : all.find((one) => !isNull(one));
  return isSchema(chosen) ? chosen : { type: "null" };
};

const typeOf = ({ type, properties, items }: Json): unknown => {
  if (Array.isArray(type)) return type.find((one) => one !== "null") ?? "null";
  if (type !== undefined) return type;
  if (properties) return "object";
  return items ? "array" : "string";
};

const makers: Record<string, (schema: Json, scope: Scope) => unknown> = {
  object: objectOf,
  array: arrayOf,
  string: stringOf,
  number: numberOf,
  integer: numberOf,
  boolean: () => true,
  null: () => null,
};

const fixed = (schema: Json): { value: unknown } | null => {
  if ("const" in schema) return { value: schema.const };
  return Array.isArray(schema.enum) ? { value: schema.enum[0] } : null;
};

const grow = (given: Json, scope: Scope): unknown => {
  const schema = withSpokenConstraints(resolve(given, scope.root));
  const value = fixed(schema);
  if (value) return value.value;
  const deeper = { ...scope, depth: scope.depth + 1 };
  const choice = choiceOf(schema, deeper);
  if (choice) return grow({ ...choice }, deeper);
  const parts = Array.isArray(schema.allOf) ? schema.allOf.filter(isSchema) : [];
  const joined = parts.reduce<Json>((sum, part) => join(sum, resolve(part, scope.root)), schema);
  return makers[String(typeOf(joined))]?.(joined, deeper) ?? null;
};

const join = (one: Json, other: Json): Json => ({
  ...one,
  ...other,
  properties: { ...(one.properties as Json), ...(other.properties as Json) },
  required: [one.required ?? [], other.required ?? []].flat(),
});

/** A valid instance of a JSON schema, the same one each time; optional properties are there, too. */
export const instanceOf = (schema: Json): unknown =>
  grow(schema, { root: schema, depth: 0, name: "" });

/**
 * Answers any request: with an instance of the schema that is asked for, or with a sentence.
 * `fields` replace the properties of these names at the top of an instance that has them.
 */
export const answerAnything =
  (fields: Json = {}): Script =>
  ({ schema }) => {
    if (!schema) return { text: "This is the answer." };
    const instance = instanceOf(schema);
    if (!isSchema(instance)) return { json: instance };
    const known = Object.entries(fields).filter(([name]) => name in instance);
    return { json: { ...instance, ...Object.fromEntries(known) } };
  };
