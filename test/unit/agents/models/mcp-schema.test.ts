import { expect, test } from "vitest";
import { schemaOf } from "../../../../lib/agents/models/mcp-schema.ts";

const slow = { type: "string", pattern: "^(a+)+$" };
const never = `${"a".repeat(60)}!`;

test.each([
  { name: "a property", schema: { properties: { word: slow } }, input: { word: never } },
  {
    name: "an item",
    schema: { properties: { words: { type: "array", items: slow } } },
    input: { words: [never] },
  },
  {
    name: "a definition",
    schema: { $defs: { slow }, properties: { word: { $ref: "#/$defs/slow" } } },
    input: { word: never },
  },
  {
    name: "names",
    schema: { patternProperties: { "^(a+)+$": {} }, additionalProperties: false },
    input: { [never]: 1 },
  },
  {
    name: "what may not be",
    schema: { properties: { path: { type: "string", not: { pattern: "^/" } } } },
    input: { path: "a" },
  },
  {
    name: "one of several",
    schema: { properties: { id: { oneOf: [slow, { type: "string", pattern: "^b" }] } } },
    input: { id: "b1" },
  },
])("a pattern of $name is left to the server: it could take for ever", ({ schema, input }) => {
  expect(schemaOf({ type: "object", ...schema }).safeParse(input).success).toBe(true);
});

const schema = {
  type: "object",
  properties: {
    pattern: { type: "string" },
    kind: { enum: [{ pattern: "x" }, "y"] },
  },
  required: ["pattern"],
};

test.each([
  { input: { pattern: "*.ts" }, fits: true },
  { input: { pattern: 5 }, fits: false },
  { input: {}, fits: false },
  { input: { pattern: "*", kind: "z" }, fits: false },
  { input: { pattern: "*", kind: "y" }, fits: true },
])("what is only called a pattern is checked: $input is $fits", ({ input, fits }) => {
  expect(schemaOf(schema).safeParse(input).success).toBe(fits);
});

test("what cannot be read as a schema takes any object", () => {
  const any = schemaOf({ type: "nonsense" });
  expect(any.safeParse({ a: 1 }).success).toBe(true);
  expect(any.safeParse("a").success).toBe(false);
});
