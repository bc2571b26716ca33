import {
  Ajv,
  type ErrorObject,
  type KeywordDefinition,
  type Options,
  type ValidateFunction,
} from "ajv";
import { Ajv2019 } from "ajv/dist/2019.js";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { canonicalJson, Json } from "../domain/json.ts";
import { readPattern, withoutUnreadPatterns } from "./patterns.ts";
import { schemaWeight } from "./schema-weight.ts";
import type { SchemaNode } from "./subschemas.ts";

/** What is wrong with a value, where. */
type SchemaProblem = { path: (string | number)[]; message: string };

/** Judges a value by a schema. Gives nothing when it fits. */
export type JudgeValue = (value: unknown) => SchemaProblem[];

/** Schemas that judging one value may take. */
const maxWeight = 100_000;
/** Problems that are told at once. */
const maxProblems = 10;

const patterns = Object.assign((pattern: string) => readPattern(pattern), { code: "readPattern" });

/** Not strict: unknown keywords and formats are annotations. `ownProperties`: what every object inherits is no property. */
const options: Options = {
  strict: false,
  allErrors: true,
  ownProperties: true,
  validateSchema: false,
  logger: false,
  code: { regExp: patterns },
};

type Validator = { compile: (schema: SchemaNode) => ValidateFunction };
type OpenValidator = () => Validator;

/** Ajv's own `uniqueItems` compares each item with each other one: minutes for a long list. */
const uniqueItems: KeywordDefinition = {
  keyword: "uniqueItems",
  type: "array",
  schemaType: "boolean",
  validate: (isWanted: boolean, items: Json[]) =>
    !isWanted || new Set(items.map(canonicalJson)).size === items.length,
  error: { message: "must NOT have duplicate items" },
};

const opened = (validator: Ajv | Ajv2019 | Ajv2020): Validator => {
  formats.default(validator, { mode: "fast" });
  validator.removeKeyword("uniqueItems").addKeyword(uniqueItems);
  return validator;
};
const draft7: OpenValidator = () => opened(new Ajv(options));
const draft2019: OpenValidator = () => opened(new Ajv2019(options));
const draft2020: OpenValidator = () => opened(new Ajv2020(options));

/** Gives the dialects to try: the one that the schema names, otherwise the newest and then the most common older one. */
const dialectsOf = ({ $schema }: SchemaNode): OpenValidator[] => {
  const named = typeof $schema === "string" ? $schema : "";
  if (named.includes("2019-09")) return [draft2019];
  return /draft-0[3-7]/.test(named) ? [draft7, draft2020] : [draft2020, draft7];
};

const compileIn = (schema: SchemaNode): ValidateFunction => {
  const { $schema: _, $async: __, id: ___, ...rest } = schema;
  let first: unknown;
  for (const open of dialectsOf(schema)) {
    try {
      return open().compile(rest);
    } catch (error) {
      first ??= error;
    }
  }
  throw first;
};

const decoded = (part: string): string => part.replaceAll("~1", "/").replaceAll("~0", "~");

const pathOf = (pointer: string): (string | number)[] =>
  pointer
    .split("/")
    .slice(1)
    .map(decoded)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));

/** The name or the values that the message of an error leaves out. */
const detailOf = ({ params }: ErrorObject): string => {
  const { allowedValues, allowedValue, additionalProperty, unevaluatedProperty } = params;
  const values = allowedValues ?? (allowedValue === undefined ? undefined : [allowedValue]);
  const name = additionalProperty ?? unevaluatedProperty;
  if (values !== undefined) return `: ${JSON.stringify(values).slice(1, -1).slice(0, 500)}`;
  return name === undefined ? "" : `: ${name}`;
};

const problemOf = (error: ErrorObject): SchemaProblem => ({
  path: pathOf(error.instancePath),
  message: `${error.message ?? error.keyword}${detailOf(error)}`,
});

/**
 * Reads a JSON Schema of draft 4 to 2020-12 with Ajv. What needs a pattern that RE2 does not have is not judged.
 *
 * @throws Error when it is no schema, refers to what is not there, is nested deeper than 64 levels, or would take too long
 */
export const compileSchema = (schema: SchemaNode): JudgeValue => {
  if (!Json.safeParse(schema).success) throw new Error("It is nested too deep");
  if (schemaWeight(schema) > maxWeight) throw new Error("Its references are too many");
  const validate = compileIn(withoutUnreadPatterns(schema) as SchemaNode);
  return (value) => {
    if (validate(value)) return [];
    return (validate.errors ?? []).slice(0, maxProblems).map(problemOf);
  };
};
