import { demand, type Json, type Question } from "./wire.ts";

const isSchema = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const combined = ["oneOf", "anyOf", "allOf", "enum", "not"];
const propertyName = /^[a-zA-Z0-9_.-]{1,64}$/;

const visit = (schema: unknown, say: (what: string) => string): void => {
  if (!isSchema(schema)) return;
  const types = [schema.type].flat();
  demand(
    !types.includes("object") || isSchema(schema.properties),
    say("object schema missing properties."),
  );
  demand(!types.includes("array") || isSchema(schema.items), say("array schema missing items."));
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    demand(
      propertyName.test(name),
      say(`Property keys should match pattern '${propertyName.source}'`),
    );
    visit(property, say);
  }
  for (const inner of [schema.items, schema.additionalProperties, schema.anyOf].flat())
    visit(inner, say);
};

/** Refuses what providers refuse in the schemas of tools; a tool without one is taken. */
export const demandTools = ({ tools }: Question) => {
  for (const { name, schema } of tools) {
    if (Object.keys(schema).length === 0) continue;
    const say = (what: string) => `Invalid schema for function '${name}': ${what}`;
    demand(
      schema.type === "object" && !combined.some((keyword) => keyword in schema),
      say(`schema must have type 'object' and not have ${combined.join("/")} at the top level.`),
    );
    visit(schema, say);
  }
};
