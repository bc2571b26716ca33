import { isObject } from "../../domain/json.ts";
import { listOf, propertiesOf, requiredOf, type ToolSchema } from "./schema-node.ts";

/** The schema of a tool's input as one object, and the sets of properties of which one must be given; none without alternatives. */
type ObjectRoot = { schema: ToolSchema; choices: readonly (readonly string[])[] };

const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** Adds a property; where it was there already, either schema is taken. */
const joined = (known: unknown, next: unknown): unknown =>
  known === undefined || isSame(known, next) ? next : { anyOf: [known, next] };

const joinProperties = (all: readonly ToolSchema[]): Record<string, unknown> => {
  const properties = new Map<string, unknown>();
  for (const [name, property] of all.flatMap((schema) => Object.entries(propertiesOf(schema)))) {
    properties.set(name, joined(properties.get(name), property));
  }
  return Object.fromEntries(properties);
};

/** What all of the alternatives require. */
const requiredByAll = (all: readonly ToolSchema[]): string[] => {
  const [first, ...others] = all.map(requiredOf);
  return (first ?? []).filter((name) => others.every((names) => names.includes(name)));
};

const choicesOf = (alternatives: readonly ToolSchema[]): string[][] => {
  const sets = alternatives.map(requiredOf).filter(({ length }) => length > 0);
  const distinct = sets.filter((set, at) => sets.findIndex((each) => isSame(each, set)) === at);
  return distinct.length > 1 ? distinct : [];
};

const branchesOf = ({ anyOf, oneOf }: ToolSchema): ToolSchema[] => [
  ...listOf(anyOf).map(flattened),
  ...listOf(oneOf).map(flattened),
];

/** The schemas that count only under conditions. What they declare may be given. */
const conditional = ({ then, else: otherwise, dependentSchemas }: ToolSchema): ToolSchema[] => [
  ...[then, otherwise].filter(isObject),
  ...(isObject(dependentSchemas) ? Object.values(dependentSchemas).filter(isObject) : []),
];

/** Joins a schema with its parts and alternatives into the properties of one object. */
const flattened = (schema: ToolSchema): ToolSchema => {
  const {
    anyOf,
    oneOf,
    allOf,
    not,
    if: condition,
    then,
    else: otherwise,
    dependentSchemas,
    enum: values,
    const: value,
    ...own
  } = schema;
  const parts = listOf(allOf).map(flattened);
  const alternatives = branchesOf(schema);
  const all = [own, ...parts];
  const declared = joinProperties([...all, ...alternatives, ...conditional(schema).map(flattened)]);
  const named = own.additionalProperties === false ? [] : alternatives.flatMap(requiredOf);
  const undeclared = named.filter((name) => !Object.hasOwn(declared, name));
  const properties = { ...declared, ...Object.fromEntries(undeclared.map((name) => [name, {}])) };
  const required = [...all.flatMap(requiredOf), ...requiredByAll(alternatives)];
  return {
    ...Object.assign({}, ...parts),
    ...own,
    properties,
    ...(required.length > 0 && { required: [...new Set(required)] }),
  };
};

const canBeObject = ({ type }: ToolSchema): boolean =>
  type === undefined ||
  type === null ||
  [type].flat().some((name) => String(name).toLowerCase() === "object");

/**
 * Makes the schema of a tool's input an object without alternatives at the top, as providers want it: what any of them declares
 * may be given, and what all require must be. The tool's server checks the input by its own schema.
 *
 * @returns null when the input can be no object
 */
export const objectRoot = (schema: ToolSchema): ObjectRoot | null => {
  if (!canBeObject(schema)) return null;
  return {
    schema: { ...flattened(schema), type: "object" },
    choices: choicesOf(branchesOf(schema)),
  };
};
