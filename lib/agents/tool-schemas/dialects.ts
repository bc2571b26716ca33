import type { Capabilities } from "../../settings/capabilities.ts";

/** What a provider takes in the schemas of tools. */
export type Dialect = {
  /** Names of properties that it takes. */
  propertyName: RegExp;
  /** Keywords that it takes, with the type of their values. */
  keywords: Readonly<Record<string, "string" | "number" | "boolean" | "any">>;
  /** Keywords that it takes at the top; null: all of them. */
  rootKeywords: readonly string[] | null;
  /** Values of `format` that it takes; null: any. */
  formats: readonly string[] | null;
  /** `enum` may have only texts and numbers. */
  plainEnums: boolean;
  /** Levels of schemas in each other. Below, any value of the type is taken. */
  maxDepth: number;
  /** Characters of a tool's description; null: unknown. */
  maxDescription: number | null;
};

const annotations = { title: "string", description: "string" } as const;
const sizes = { minItems: "number", maxItems: "number" } as const;
const bounds = { minimum: "number", maximum: "number" } as const;

const jsonSchema = {
  ...annotations,
  ...sizes,
  ...bounds,
  default: "any",
  const: "any",
  format: "string",
  exclusiveMinimum: "number",
  exclusiveMaximum: "number",
  multipleOf: "number",
  minLength: "number",
  maxLength: "number",
  uniqueItems: "boolean",
  minProperties: "number",
  maxProperties: "number",
} as const;

/** https://docs.anthropic.com/en/docs/agents-and-tools/tool-use/implement-tool-use */
const wordName = /^[a-zA-Z0-9_.-]{1,64}$/;

/**
 * The rules by provider. All want an object without `anyOf`, `oneOf` or `allOf` at the top.
 *
 * @see https://platform.openai.com/docs/guides/function-calling
 * @see https://ai.google.dev/api/caching#FunctionDeclaration
 * @see https://docs.aws.amazon.com/nova/latest/userguide/tool-use-definition.html
 */
export const dialects = {
  openai: {
    propertyName: wordName,
    keywords: jsonSchema,
    rootKeywords: null,
    formats: null,
    plainEnums: false,
    maxDepth: 24,
    maxDescription: 1_024,
  },
  anthropic: {
    propertyName: wordName,
    keywords: jsonSchema,
    rootKeywords: null,
    formats: null,
    plainEnums: false,
    maxDepth: 24,
    maxDescription: null,
  },
  google: {
    propertyName: /^[a-zA-Z_][a-zA-Z0-9_]{0,63}$/,
    keywords: { ...annotations, ...sizes, ...bounds, format: "string" },
    rootKeywords: null,
    formats: ["date-time", "date", "time", "enum", "int32", "int64", "float", "double"],
    plainEnums: true,
    maxDepth: 12,
    maxDescription: null,
  },
  bedrock: {
    propertyName: wordName,
    keywords: jsonSchema,
    rootKeywords: ["type", "properties", "required"],
    formats: null,
    plainEnums: false,
    maxDepth: 16,
    maxDescription: null,
  },
} as const satisfies Record<Exclude<Capabilities["tool_schemas"], "any">, Dialect>;
