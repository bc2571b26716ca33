import { isObject, wellFormed } from "../../domain/json.ts";
import type { Capabilities } from "../../settings/capabilities.ts";
import { clean } from "./clean-schema.ts";
import { type Dialect, dialects } from "./dialects.ts";
import { inlineRefs } from "./inline-refs.ts";
import { objectRoot } from "./object-root.ts";
import { chooseNames, type Names, renameInput, renameSchema, reversed } from "./property-names.ts";
import type { ToolSchema } from "./schema-node.ts";

/** A tool as a provider takes it. */
export type FittedTool = {
  description: string;
  schema: ToolSchema;
  /** Gives an input that the model wrote the names of the tool's own schema. */
  inputFrom: (input: unknown) => unknown;
  /** Gives an input of an earlier call the names that the model knows. */
  inputFor: (input: unknown) => unknown;
};

/** Characters about what to choose, in a tool's description. */
const maxChoice = 400;

const same = (input: unknown): unknown => input;

const truncateTo = (text: string, most: number | null): string =>
  most === null || text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`;

const withRootKeywords = (schema: ToolSchema, { rootKeywords }: Dialect): ToolSchema =>
  rootKeywords === null
    ? schema
    : Object.fromEntries(
        Object.entries(schema).filter(([keyword]) => rootKeywords.includes(keyword)),
      );

/** Says which sets of properties may be given, by their new names. */
const choiceText = (choices: readonly (readonly string[])[], names: Names): string => {
  const sets = choices.map((set) => set.map((name) => names.get(name) ?? name).join(" and "));
  return sets.length > 0 ? ` Give one of these: ${sets.join("; or ")}.` : "";
};

/** Writes a tool's description; its name where there is none. */
const describe = (name: string, description: string, most: number | null): string =>
  truncateTo(description.toWellFormed().trim() || name, most);

/**
 * Makes a tool one that a provider takes: its schema is complete and has only what the provider knows, with an object at the top
 * and names that it accepts.
 *
 * @returns null when the tool cannot be sent: its input is no object
 */
export const fitTool = (
  name: string,
  { description, json }: { description: string; json: unknown },
  rules: Capabilities["tool_schemas"],
): FittedTool | null => {
  const given = isObject(json) ? json : { type: "object" };
  if (rules === "any") {
    const schema = { ...given, type: "object" };
    return {
      description: describe(name, description, null),
      schema,
      inputFrom: same,
      inputFor: same,
    };
  }
  const dialect: Dialect = dialects[rules];
  const root = objectRoot(inlineRefs(given));
  if (!root) return null;
  const own = clean(root.schema, { dialect, depth: 0 });
  const names = chooseNames(own, dialect.propertyName);
  const schema = renameSchema(own, names);
  const choice = truncateTo(choiceText(root.choices, names), maxChoice);
  const most = dialect.maxDescription && dialect.maxDescription - choice.length;
  return {
    description: describe(name, description, most) + choice,
    schema: wellFormed(withRootKeywords(schema, dialect)),
    inputFrom: (input) => renameInput(input, schema, reversed(names)),
    inputFor: (input) => renameInput(input, own, names),
  };
};
