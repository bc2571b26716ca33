import { demand, type Json } from "./wire.ts";

const refused: Record<string, readonly string[]> = {
  object: ["propertyNames", "minProperties", "maxProperties"],
  array: ["maxItems", "uniqueItems"],
  string: ["minLength", "maxLength"],
  number: ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
  integer: ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
};

const isSchema = (value: unknown): value is Json => typeof value === "object" && value !== null;

const children = ["properties", "$defs", "definitions", "anyOf", "allOf"];

/** Refuses what Anthropic's structured outputs do not support, in its words. */
export const demandSupported = (schema: Json): void => {
  const type = typeof schema.type === "string" ? schema.type : "";
  const bad = (refused[type] ?? []).filter((key) => key in schema);
  demand(
    bad.length === 0,
    `output_config.format.schema: For '${type}' type, properties ${bad.join(", ")} are not supported`,
  );
  demand(
    type !== "object" || schema.additionalProperties === false,
    "output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly set to false",
  );
  const inner = children.flatMap((key) =>
    isSchema(schema[key]) ? Object.values(schema[key]) : [],
  );
  for (const child of [...inner, schema.items]) if (isSchema(child)) demandSupported(child);
};
