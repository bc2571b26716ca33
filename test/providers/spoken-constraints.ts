import { type Json, parsed } from "./wire.ts";

const names = [
  "exclusive minimum",
  "exclusive maximum",
  "minimum",
  "maximum",
  "multiple of",
  "min length",
  "max length",
  "pattern",
  "min items",
  "max items",
  "format",
];

const spoken = new RegExp(`(?:^|; )(${names.join("|")}): (.+?)(?=; [a-z ]+: |\\.?$)`, "g");

const keyOf = (name: string) => name.replace(/ (\w)/g, (_, letter: string) => letter.toUpperCase());

/**
 * The schema with the constraints that stand in the last line of its description: clients move them
 * there where a provider refuses them as keywords ("min items: 2; max items: 5."), and a model heeds
 * them.
 */
export const withSpokenConstraints = (schema: Json): Json => {
  if (typeof schema.description !== "string") return schema;
  const line = schema.description.split("\n").at(-1) ?? "";
  const found = [...line.matchAll(spoken)].map(([, name = "", value = ""]) => [
    keyOf(name),
    name === "pattern" || name === "format" ? value : parsed(value),
  ]);
  return { ...Object.fromEntries(found), ...schema };
};
