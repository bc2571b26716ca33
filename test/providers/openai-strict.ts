import { demand, type Json } from "./wire.ts";

const refused = ["oneOf", "allOf", "not", "if", "then", "else", "propertyNames", "uniqueItems"];
const deepest = 10;

const isSchema = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const childrenOf = (schema: Json): [string, Json][] => {
  const named = ["properties", "$defs", "definitions"].flatMap((key) =>
    isSchema(schema[key]) ? Object.entries(schema[key]) : [],
  );
  const listed = Array.isArray(schema.anyOf) ? schema.anyOf.map((one) => ["anyOf", one]) : [];
  const items: [string, unknown][] = isSchema(schema.items) ? [["items", schema.items]] : [];
  return [...named, ...listed, ...items].filter((pair): pair is [string, Json] =>
    isSchema(pair[1]),
  );
};

const demandObject = (schema: Json, say: (what: string) => string) => {
  const names = Object.keys(isSchema(schema.properties) ? schema.properties : {});
  const required = Array.isArray(schema.required) ? schema.required : [];
  demand(
    schema.additionalProperties === false,
    say("'additionalProperties' is required to be supplied and to be false."),
  );
  demand(
    names.every((name) => required.includes(name)),
    say(
      `'required' is required to be supplied and to be an array including every key in properties. Missing '${names.find((name) => !required.includes(name))}'.`,
    ),
  );
};

const isObjectSchema = ({ type, properties }: Json) =>
  type === "object" || (Array.isArray(type) && type.includes("object")) || properties !== undefined;

const visit = (schema: Json, path: string[], name: string) => {
  const say = (what: string) =>
    `Invalid schema for ${name}: In context=(${path.map((step) => `'${step}'`).join(", ")}), ${what}`;
  for (const key of refused) demand(!(key in schema), say(`'${key}' is not permitted.`));
  demand(
    ["type", "$ref", "anyOf", "enum", "const"].some((key) => key in schema),
    say("schema must have a 'type' key."),
  );
  if (isObjectSchema(schema)) demandObject(schema, say);
  demand(path.length <= deepest * 2, say("the schema is nested too deeply."));
  for (const [step, child] of childrenOf(schema)) visit(child, [...path, step], name);
};

/** Refuses what OpenAI's strict mode refuses in a schema: the platform's guide to structured outputs. */
export const demandStrict = (schema: Json, name: string) => {
  demand(
    schema.type === "object" && !("anyOf" in schema),
    `Invalid schema for ${name}: schema must be a JSON Schema of 'type: "object"', got 'type: "${schema.type ?? "None"}"'.`,
  );
  visit(schema, [], name);
};

/** Models that reason take `max_completion_tokens` and no `temperature`. */
export const isReasoningModel = (model: string) => /^(?:o\d|gpt-5(?!-chat)|gpt-6)/.test(model);
