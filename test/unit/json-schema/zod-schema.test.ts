import { expect, test } from "vitest";
import * as z from "zod";
import { compileSchema } from "../../../lib/json-schema/compile-schema.ts";
import { zodSchemaOf } from "../../../lib/json-schema/zod-schema.ts";

const fits = (schema: object, input: unknown) =>
  zodSchemaOf({ type: "object", ...schema }).safeParse(input).success;

const text = { type: "string" };
const urlOrText = {
  properties: { url: text, text },
  oneOf: [{ required: ["url"] }, { required: ["text"] }],
};
const chain = Object.fromEntries(
  Array.from({ length: 40 }, (_, index) => [
    `d${index}`,
    index === 39
      ? {}
      : { allOf: [{ $ref: `#/$defs/d${index + 1}` }, { $ref: `#/$defs/d${index + 1}` }] },
  ]),
);
const inherited: { properties: object } = {
  properties: JSON.parse(
    '{"constructor": {"type": "string"}, "__proto__": {"type": "string"}, "toString": {"type": "string"}, "url": {"type": "string"}}',
  ),
};

const condition = JSON.parse('{"if": {"required": ["a"]}, "then": {"required": ["b"]}}');
type Row = { name: string; schema: object; input: unknown; is: boolean };

test.each<Row>([
  { name: "one of two fields", schema: urlOrText, input: { url: "a" }, is: true },
  { name: "both of two fields", schema: urlOrText, input: { url: "a", text: "b" }, is: false },
  { name: "neither", schema: urlOrText, input: {}, is: false },
  { name: "names that objects inherit", schema: inherited, input: { url: "a" }, is: true },
  { name: "one of those", schema: inherited, input: { constructor: "a" }, is: true },
  { name: "one of those, wrong", schema: inherited, input: { constructor: 5 }, is: false },
  { name: "required: what all inherit", schema: { required: ["toString"] }, input: {}, is: false },
  {
    name: "any of",
    schema: { anyOf: [{ required: ["a"] }, { required: ["b"] }] },
    input: { b: 1 },
    is: true,
  },
  { name: "not", schema: { not: { required: ["a"] } }, input: { a: 1 }, is: false },
  { name: "if, then", schema: condition, input: { a: 1 }, is: false },
  {
    name: "dependent fields",
    schema: { dependentRequired: { a: ["b"] } },
    input: { a: 1 },
    is: false,
  },
  {
    name: "dependencies of draft 7",
    schema: { $schema: "http://json-schema.org/draft-07/schema#", dependencies: { a: ["b"] } },
    input: { a: 1 },
    is: false,
  },
  {
    name: "the schema of a name",
    schema: { propertyNames: { maxLength: 1 } },
    input: { aa: 1 },
    is: false,
  },
  {
    name: "a tuple of draft 7",
    schema: { properties: { a: { items: [text, { type: "number" }] } } },
    input: { a: ["x", "y"] },
    is: false,
  },
  {
    name: "a tuple of 2020",
    schema: { properties: { a: { prefixItems: [text] } } },
    input: { a: [1] },
    is: false,
  },
  {
    name: "a tuple of 2019",
    schema: {
      $schema: "https://json-schema.org/draft/2019-09/schema",
      properties: { a: { items: [text] } },
    },
    input: { a: [1] },
    is: false,
  },
  {
    name: "2020 with unevaluated fields",
    schema: { allOf: [{ properties: { a: {} } }], unevaluatedProperties: false },
    input: { b: 1 },
    is: false,
  },
  {
    name: "null in OpenAPI",
    schema: { properties: { a: { type: "string", nullable: true } } },
    input: { a: null },
    is: true,
  },
  {
    name: "an unknown format",
    schema: { properties: { a: { type: "string", format: "banana" } } },
    input: { a: "x" },
    is: true,
  },
  {
    name: "a known format",
    schema: { properties: { a: { type: "string", format: "date" } } },
    input: { a: "x" },
    is: false,
  },
  {
    name: "an unknown keyword",
    schema: { "x-order": 1, properties: { a: { ...text, nonsense: [] } } },
    input: { a: "x" },
    is: true,
  },
  {
    name: "a reference",
    schema: { $defs: { a: text }, properties: { a: { $ref: "#/$defs/a" } } },
    input: { a: 5 },
    is: false,
  },
  {
    name: "itself",
    schema: { properties: { inner: { $ref: "#" } }, additionalProperties: false },
    input: { inner: { inner: { x: 1 } } },
    is: false,
  },
  {
    name: "its own name",
    schema: {
      $id: "https://example.com/a",
      $defs: { a: text },
      properties: { a: { $ref: "https://example.com/a#/$defs/a" } },
    },
    input: { a: 5 },
    is: false,
  },
  {
    name: "nothing that is there",
    schema: { properties: { a: { $ref: "#/$defs/gone" } } },
    input: { a: 1 },
    is: true,
  },
  {
    name: "another server's schema",
    schema: { properties: { a: { $ref: "https://example.com/x.json" } } },
    input: { a: 1 },
    is: true,
  },
  {
    name: "a type that is none",
    schema: { properties: { a: { type: "nonsense" } } },
    input: { a: 1 },
    is: true,
  },
  {
    name: "draft 4",
    schema: {
      $schema: "http://json-schema.org/draft-04/schema#",
      properties: { a: { minimum: 1, exclusiveMinimum: true } },
    },
    input: { a: 1 },
    is: true,
  },
  { name: "a promise", schema: { $async: true, required: ["a"] }, input: {}, is: false },
  { name: "an endless loop", schema: { $ref: "#" }, input: { a: 1 }, is: true },
  {
    name: "a million references",
    schema: { $defs: chain, $ref: "#/$defs/d0" },
    input: { a: 1 },
    is: true,
  },
  { name: "a list", schema: {}, input: [], is: false },
])("a schema with $name: $input fits: $is", ({ schema, input, is }) => {
  expect(fits(schema, input)).toBe(is);
});

const slow = { type: "string", pattern: "^(a+)+$" };
const never = `${"a".repeat(60)}!`;
const notRead = { type: "string", pattern: "^(?!x)" };

test.each([
  { name: "a property", schema: { properties: { word: slow } }, input: { word: never }, is: false },
  {
    name: "an item",
    schema: { properties: { a: { items: slow } } },
    input: { a: [never] },
    is: false,
  },
  {
    name: "names",
    schema: { patternProperties: { "^(a+)+$": {} }, additionalProperties: false },
    input: { [never]: 1 },
    is: false,
  },
  {
    name: "what may not be",
    schema: { properties: { path: { not: { pattern: "^/" } } } },
    input: { path: "/a" },
    is: false,
  },
  {
    name: "a part of the text",
    schema: { properties: { a: { pattern: "b" } } },
    input: { a: "abc" },
    is: true,
  },
  {
    name: "letters",
    schema: { properties: { a: { pattern: "^\\p{L}+$" } } },
    input: { a: "où" },
    is: true,
  },
])("a pattern of $name is judged in time: fits $is", ({ schema, input, is }) => {
  expect(fits(schema, input)).toBe(is);
});

test.each([
  { name: "a property", schema: { properties: { a: notRead } } },
  { name: "names", schema: { patternProperties: { "(?=a)": text }, additionalProperties: false } },
  { name: "what may not be", schema: { not: { properties: { a: notRead } } } },
  {
    name: "one of several",
    schema: { properties: { a: { oneOf: [notRead, { type: "number" }, text] } } },
  },
  {
    name: "a condition",
    schema: JSON.parse(
      '{"if": {"properties": {"a": {"pattern": "(?!x)"}}}, "then": false, "else": false}',
    ),
  },
])("a pattern that RE2 lacks, of $name, is left to whoever wrote it", ({ schema }) => {
  expect(fits(schema, { a: "x" })).toBe(true);
});

test("the rest of a schema with a pattern that RE2 lacks is judged", () => {
  expect(fits({ properties: { a: notRead }, required: ["b"] }, { a: "x" })).toBe(false);
});

test("what is only called a pattern is none", () => {
  const schema = {
    properties: { pattern: text, kind: { enum: [{ pattern: "(?!" }, "y"] } },
    required: ["pattern"],
  };
  expect(fits(schema, { pattern: "*.ts", kind: { pattern: "(?!" } })).toBe(true);
  expect(fits(schema, { pattern: 5 })).toBe(false);
});

test("what is wrong is said in words, with the place", () => {
  const schema = zodSchemaOf({
    type: "object",
    properties: { list: { type: "array", items: { enum: ["a", "b"] } } },
    required: ["url"],
    additionalProperties: false,
  });
  const { error } = schema.safeParse({ list: ["a", "c"], other: 1 });
  expect(z.prettifyError(error as z.ZodError).split("\n")).toEqual([
    "✖ must have required property 'url'",
    "✖ must NOT have additional properties: other",
    '✖ must be equal to one of the allowed values: "a","b"',
    "  → at list[1]",
  ]);
});

test("a long list of unique items is judged in time", () => {
  const schema = { properties: { a: { type: "array", uniqueItems: true } } };
  const a = Array.from({ length: 50_000 }, (_, index) => ({ index }));
  expect(fits(schema, { a })).toBe(true);
  expect(fits(schema, { a: [...a, { index: 7 }] })).toBe(false);
});

test("at most ten problems are told at once", () => {
  const schema = zodSchemaOf({ type: "object", additionalProperties: text });
  const input = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`k${index}`, 1]));
  expect(schema.safeParse(input).error?.issues).toHaveLength(10);
});

test.each([
  { name: "nothing that is there", schema: { $ref: "#/$defs/b" }, message: /#\/\$defs\/b/ },
  { name: "no type", schema: { type: "nonsense" }, message: /type must be/ },
  { name: "too much", schema: { $defs: chain, $ref: "#/$defs/d0" }, message: /too many/ },
])("a schema with $name is refused where an operator writes it", ({ schema, message }) => {
  expect(() => compileSchema(schema)).toThrow(message);
});
