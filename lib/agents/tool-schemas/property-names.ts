import { isObject } from "../../domain/json.ts";
import { listOf, mapChildren, propertiesOf, requiredOf, type ToolSchema } from "./schema-node.ts";

/** New names of properties, by their old ones. */
export type Names = ReadonlyMap<string, string>;

const maxNameLength = 64;

const namesIn = (schema: ToolSchema): string[] => {
  const found: string[] = Object.keys(propertiesOf(schema));
  mapChildren(schema, (child) => {
    if (isObject(child)) found.push(...namesIn(child));
    return child;
  });
  return found;
};

/** Names that JSON readers of providers and SDKs refuse, or take for something else. */
const reserved: readonly string[] = ["__proto__", "constructor", "prototype"];

const safeName = (name: string): string => {
  const plain = name
    .normalize("NFKD")
    .replaceAll(/[^a-zA-Z0-9_]+/g, "_")
    .replace(/^(?=\d)/, "_")
    .slice(0, maxNameLength);
  const isEmpty = /^_*$/.test(plain) || reserved.includes(plain);
  return isEmpty ? "field" : plain;
};

/** Adds a number to a name that is taken. */
const distinct = (name: string, taken: ReadonlySet<string>): string => {
  if (!taken.has(name)) return name;
  for (let count = 2; ; count += 1) {
    const end = `_${count}`;
    const numbered = name.slice(0, maxNameLength - end.length) + end;
    if (!taken.has(numbered)) return numbered;
  }
};

/** Chooses new names for the properties whose names a provider does not take. No two properties get one name. */
export const chooseNames = (schema: ToolSchema, accepted: RegExp): Names => {
  const all = [...new Set(namesIn(schema))];
  const isFine = (name: string) => accepted.test(name) && !reserved.includes(name);
  const taken = new Set(all.filter(isFine));
  const names = new Map<string, string>();
  for (const name of all.filter((each) => !isFine(each))) {
    const chosen = distinct(safeName(name), taken);
    taken.add(chosen);
    names.set(name, chosen);
  }
  return names;
};

/** Gives the properties of a schema their new names. */
export const renameSchema = (schema: ToolSchema, names: Names): ToolSchema => {
  if (names.size === 0) return schema;
  const inner = mapChildren(schema, (child) =>
    isObject(child) ? renameSchema(child, names) : child,
  );
  const renamed = (name: string) => names.get(name) ?? name;
  const required = requiredOf(inner).map(renamed);
  return {
    ...inner,
    ...(isObject(inner.properties) && {
      properties: Object.fromEntries(
        Object.entries(inner.properties).map(([name, child]) => [renamed(name), child]),
      ),
    }),
    ...(required.length > 0 && { required }),
  };
};

const withBranches = (schema: ToolSchema): ToolSchema[] => [
  schema,
  ...["anyOf", "oneOf", "allOf"].flatMap((keyword) =>
    listOf(schema[keyword]).flatMap(withBranches),
  ),
];

const childSchemas = (schemas: readonly ToolSchema[], name: string): ToolSchema[] =>
  schemas.flatMap((schema) => {
    const properties = propertiesOf(schema);
    const child = Object.hasOwn(properties, name) ? properties[name] : schema.additionalProperties;
    return isObject(child) ? withBranches(child) : [];
  });

const rename = (value: unknown, schemas: readonly ToolSchema[], names: Names): unknown => {
  if (Array.isArray(value)) {
    const items = schemas.flatMap((schema) =>
      isObject(schema.items) ? withBranches(schema.items) : [],
    );
    return value.map((item) => rename(item, items, names));
  }
  if (!isObject(value)) return value;
  const isDeclared = (name: string) =>
    schemas.some((schema) => Object.hasOwn(propertiesOf(schema), name));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      isDeclared(name) ? (names.get(name) ?? name) : name,
      rename(inner, childSchemas(schemas, name), names),
    ]),
  );
};

/**
 * Gives the properties of a tool's input their new names, at all levels. A name that the schema does not declare stays: it is
 * data.
 *
 * @param schema that of the input, with the old names
 */
export const renameInput = (input: unknown, schema: ToolSchema, names: Names): unknown =>
  names.size === 0 ? input : rename(input, withBranches(schema), names);

/** The way back. */
export const reversed = (names: Names): Names =>
  new Map([...names].map(([old, chosen]) => [chosen, old]));
