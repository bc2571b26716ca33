import { isObject, type Json } from "../../domain/json.ts";
import type { JsonSchema } from "../../domain/workflow/workflow.ts";
import type { Work } from "./brief.ts";

type Sampling = {
  root: JsonSchema;
  /** Gives a text to fill in, another one at each call. */
  say: () => string;
  /** Depth of the value, 0 for the whole. It ends schemas that nest without limit. */
  depth: number;
};
type Write = (schema: JsonSchema, sampling: Sampling) => Json;

const maxDepth = 8;

const schemasAt = (schema: JsonSchema, key: string): [string, JsonSchema][] =>
  isObject(schema[key])
    ? Object.entries(schema[key]).filter((row): row is [string, JsonSchema] => isObject(row[1]))
    : [];
const numberAt = (schema: JsonSchema, key: string): number | undefined =>
  typeof schema[key] === "number" ? schema[key] : undefined;
const listAt = (schema: JsonSchema, key: string): unknown[] =>
  Array.isArray(schema[key]) ? schema[key] : [];

const pointed = (root: JsonSchema, reference: string): JsonSchema =>
  reference
    .split("/")
    .slice(1)
    .reduce<JsonSchema>((at, name) => (isObject(at[name]) ? at[name] : {}), root);

const samples = {
  "date-time": "2030-01-01T00:00:00.000Z",
  date: "2030-01-01",
  time: "00:00:00Z",
  email: "person@example.com",
  uri: "https://example.com/",
  uuid: "00000000-0000-7000-8000-000000000000",
} as const satisfies Record<string, string>;

const writeText: Write = (schema, { say }) => {
  const format = String(schema.format);
  if (format in samples) return samples[format as keyof typeof samples];
  const text = say().padEnd(numberAt(schema, "minLength") ?? 0, ".");
  return Array.from(text).slice(0, numberAt(schema, "maxLength")).join("");
};

const writeNumber: Write = (schema) => {
  const minimum = numberAt(schema, "minimum") ?? (numberAt(schema, "exclusiveMinimum") ?? -1) + 1;
  const maximum = numberAt(schema, "maximum") ?? Number.POSITIVE_INFINITY;
  const step = numberAt(schema, "multipleOf") ?? 1;
  return Math.min(maximum, Math.ceil(minimum / step) * step);
};

const writeList: Write = (schema, sampling) => {
  const { depth } = sampling;
  const minimum = numberAt(schema, "minItems") ?? (depth < maxDepth ? 1 : 0);
  const items = isObject(schema.items) ? schema.items : {};
  return Array.from({ length: Math.min(minimum, 100) }, () =>
    write(items, { ...sampling, depth: depth + 1 }),
  );
};

const writeObject: Write = (schema, sampling) => {
  const { depth } = sampling;
  const required = listAt(schema, "required");
  const wanted = schemasAt(schema, "properties").filter(
    ([key]) => depth < maxDepth || required.includes(key),
  );
  return Object.fromEntries(
    wanted.map(([key, each]) => [key, write(each, { ...sampling, depth: depth + 1 })]),
  );
};

const types: Record<string, Write> = {
  object: writeObject,
  array: writeList,
  string: writeText,
  integer: writeNumber,
  number: writeNumber,
  boolean: () => true,
  null: () => null,
};

/** Follows a reference, or takes the first choice, once. */
const resolve = (schema: JsonSchema, { root }: Sampling): JsonSchema => {
  if (typeof schema.$ref === "string") return pointed(root, schema.$ref);
  const [first] = [...listAt(schema, "anyOf"), ...listAt(schema, "oneOf")];
  return isObject(first) ? first : schema;
};

const isSimple = ({ $ref, anyOf, oneOf }: JsonSchema) => !($ref || anyOf || oneOf);

const write: Write = (given, sampling) => {
  let schema = given;
  for (let hops = 0; hops < maxDepth; hops += 1) {
    schema = resolve(schema, sampling);
    if (isSimple(schema)) break;
  }
  const [fixed] = [schema.const, schema.default, ...listAt(schema, "enum")].filter(
    (value) => value !== undefined,
  );
  if (fixed !== undefined) return fixed as Json;
  const [type = "string"] = [schema.type].flat();
  return (types[String(type)] ?? writeText)(schema, sampling);
};

/** Writes content that fits a JSON Schema, with texts of the project. It ignores `pattern` and `allOf`. */
export const writeSample = (root: JsonSchema, { brief }: Work): { [key: string]: Json } => {
  const texts = brief.features.map(({ text }) => text);
  let said = 0;
  const say = () => {
    said += 1;
    return texts[(said - 1) % texts.length] ?? brief.name;
  };
  return write(root, { root, say, depth: 0 }) as { [key: string]: Json };
};
