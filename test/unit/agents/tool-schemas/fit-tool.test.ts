import { expect, test } from "vitest";
import { fitTool } from "../../../../lib/agents/tool-schemas/fit-tool.ts";

type Rules = Parameters<typeof fitTool>[2];
const rules: readonly Rules[] = ["openai", "anthropic", "google", "bedrock"];

const toolFor = (json: unknown, by: Rules = "openai", description = "Does it.") => {
  const fitted = fitTool("tool", { description, json }, by);
  if (!fitted) throw new Error("It cannot be sent.");
  return fitted;
};

const string = { type: "string" };
const nothing = { type: "object", properties: {} };

test.each([
  { type: "object" },
  {},
  true,
  null,
  undefined,
  "object",
  [],
  { type: null },
  { type: ["object", "null"] },
  { type: "OBJECT", properties: null },
  { type: "object", properties: [] },
  { type: "object", required: [] },
  { type: "object", required: true },
  { $ref: "#" },
  { $ref: "https://example.com/schema" },
  { $ref: "#/$defs/missing" },
  { anyOf: [] },
  { not: { type: "string" } },
])("%j is made a complete object", (json) => {
  for (const by of rules) expect(toolFor(json, by).schema).toEqual(nothing);
});

test("references that would make a schema hundreds of times larger are not written out", () => {
  const many = Array.from({ length: 2_000 }, (_, index) => `value ${index}`);
  const names = Array.from({ length: 1_000 }, (_, index) => `p${index}`);
  const properties = Object.fromEntries(names.map((name) => [name, { $ref: "#/$defs/many" }]));
  const { schema } = toolFor({ type: "object", $defs: { many: { enum: many } }, properties });
  expect(JSON.stringify(schema).length).toBeLessThan(300_000);
  expect(schema).toMatchObject({ properties: { p0: { enum: many }, p999: {} } });
});

test("a text within a schema is cut", () => {
  const description = "d".repeat(100_000);
  const { schema } = toolFor({
    type: "object",
    properties: { a: { type: "string", description } },
  });
  expect(JSON.stringify(schema).length).toBeLessThan(5_000);
});

test("a property with the name of a prototype is kept in a part of `allOf`", () => {
  const part = JSON.parse('{"properties":{"__proto__":{"type":"string"}}}') as object;
  const { schema } = toolFor({ type: "object", properties: { a: { allOf: [part, {}] } } });
  expect(schema).toMatchObject({ properties: { a: { properties: { field: string } } } });
});

test.each([{ type: "string" }, { type: ["array", "null"] }, { type: "array", items: {} }])(
  "%j is no object, so it cannot be sent",
  (json) => {
    expect(fitTool("tool", { description: "", json }, "openai")).toBeNull();
  },
);

const object = (properties: object, more: object = {}) => ({ type: "object", properties, ...more });

test.each<{ what: string; json: unknown; schema: object; by?: Rules }>([
  {
    what: "nested objects and lists without their parts",
    json: object({ a: { type: "object" }, b: { type: "array" }, c: true, d: false, e: null }),
    schema: object({ a: nothing, b: { type: "array", items: {} }, c: {}, e: {} }),
  },
  {
    what: "names that are only required",
    json: object({ a: string }, { required: ["a", "b", "a", 5] }),
    schema: object({ a: string, b: {} }, { required: ["a", "b"] }),
  },
  {
    what: "names that are required and cannot be given",
    json: object(
      { a: string, c: false },
      { required: ["a", "b", "c"], additionalProperties: false },
    ),
    schema: object({ a: string }, { required: ["a"], additionalProperties: false }),
  },
  {
    what: "alternatives at the top",
    json: object(
      { id: string },
      {
        required: ["id"],
        oneOf: [
          { properties: { url: string }, required: ["url"] },
          { properties: { text: string, url: { type: "null" } }, required: ["text"] },
        ],
      },
    ),
    schema: object(
      { id: string, url: { anyOf: [string, { type: "null" }] }, text: string },
      { required: ["id"] },
    ),
  },
  {
    what: "what all alternatives require",
    json: {
      anyOf: [
        object({ a: string, b: string }, { required: ["a", "b"] }),
        object({ a: string }, { required: ["a"] }),
      ],
    },
    schema: object({ a: string, b: string }, { required: ["a"] }),
  },
  {
    what: "parts at the top and below",
    json: {
      allOf: [
        object({ a: string }, { required: ["a"] }),
        { properties: { b: { allOf: [string, { maxLength: 3 }] } } },
      ],
    },
    schema: object({ a: string, b: { type: "string", maxLength: 3 } }, { required: ["a"] }),
  },
  {
    what: "conditions",
    json: object(
      { kind: string },
      {
        if: { properties: { kind: { const: "x" } } },
        else: { properties: { y: string }, required: ["y"] },
      },
    ),
    schema: object({ kind: string, y: string }),
  },
  {
    what: "a reference at the top, and references to properties",
    json: {
      $ref: "#/definitions/In~1put",
      definitions: {
        "In/put": object({ a: string, b: { $ref: "#/definitions/In~1put/properties/a" } }),
      },
    },
    schema: object({ a: string, b: string }),
  },
  {
    what: "a schema within itself",
    json: object(
      { root: { $ref: "#/$defs/node" } },
      { $defs: { node: object({ next: { $ref: "#/$defs/node" } }) } },
    ),
    schema: object({ root: object({ next: object({ next: {} }) }) }),
  },
  {
    what: "keywords of the wrong kind, and unknown ones",
    json: object(
      {
        a: {
          type: "string",
          description: null,
          title: "",
          maxLength: "5",
          pattern: "(?=x)",
          format: 5,
          "x-y": 1,
        },
        b: { type: "any", default: null },
        c: { type: "integer", minimum: 0, exclusiveMinimum: true },
        d: { type: ["string", "file", "null"] },
        e: { type: "string", nullable: true },
        f: { enum: [] },
        g: { type: "number", enum: [1, 1, "a"] },
      },
      {
        $schema: "http://json-schema.org/draft-04/schema#",
        $id: "x",
        title: "T",
        minProperties: "1",
      },
    ),
    schema: object(
      {
        a: { type: "string" },
        b: { default: null },
        c: { type: "integer", exclusiveMinimum: 0 },
        d: { type: ["string", "null"] },
        e: { type: ["string", "null"] },
        f: {},
        g: { type: "number", enum: [1, "a"] },
      },
      { title: "T" },
    ),
  },
  {
    what: "tuples",
    json: object({
      a: { type: "array", items: [string, { type: "number" }] },
      b: { prefixItems: [string] },
    }),
    schema: object({
      a: { type: "array", items: { anyOf: [string, { type: "number" }] } },
      b: { type: "array", items: string },
    }),
  },
  {
    what: "open maps",
    json: object({
      a: { type: "object", patternProperties: { "^x": string }, additionalProperties: false },
    }),
    schema: object({ a: nothing }),
  },
  {
    what: "alternatives of which one takes anything",
    json: object({ a: { anyOf: [string, {}] }, b: { oneOf: [string, { type: "null" }] } }),
    schema: object({ a: {}, b: { anyOf: [string, { type: "null" }] } }),
  },
  {
    by: "google",
    what: "what Google does not know",
    json: object({
      a: { const: "x" },
      b: { type: "string", format: "uri", description: "An address.", pattern: "^h", default: "h" },
      c: { enum: ["x", null] },
      d: { enum: [true, "x"] },
      e: { type: "integer", exclusiveMinimum: 0, format: "int64" },
    }),
    schema: object({
      a: { enum: ["x"] },
      b: { type: "string", description: "An address. Format: uri." },
      c: { enum: ["x"] },
      d: {},
      e: { type: "integer", format: "int64" },
    }),
  },
  {
    by: "bedrock",
    what: "what Bedrock does not know at the top",
    json: object(
      { a: { type: "string", title: "A" } },
      { title: "T", additionalProperties: false, required: ["a"] },
    ),
    schema: object({ a: { type: "string", title: "A" } }, { required: ["a"] }),
  },
  {
    by: "any",
    what: "everything where no rules are known",
    json: { $schema: "x", anyOf: [{ required: ["$a"] }] },
    schema: { type: "object", $schema: "x", anyOf: [{ required: ["$a"] }] },
  },
])("$what", ({ json, schema, by }) => {
  expect(toolFor(json, by).schema).toEqual(schema);
});

test("what is too deep takes any value", () => {
  const nested = (levels: number): object =>
    levels === 0 ? string : object({ a: nested(levels - 1) });
  for (const by of rules) {
    const depth = JSON.stringify(toolFor(nested(200), by).schema).split('"properties"').length;
    expect(depth).toBeLessThan(30);
  }
});

test("a schema that grows by its references stays small, and a chain of them does no harm", () => {
  const doubling = Object.fromEntries(
    Array.from({ length: 40 }, (_, n) => [
      `n${n}`,
      object({ a: { $ref: `#/$defs/n${n + 1}` }, b: { $ref: `#/$defs/n${n + 1}` } }),
    ]),
  );
  const bomb = { $ref: "#/$defs/n0", $defs: doubling };
  for (const by of rules)
    expect(JSON.stringify(toolFor(bomb, by).schema).length).toBeLessThan(200_000);
  const chain = Object.fromEntries(
    Array.from({ length: 5_000 }, (_, n) => [`n${n}`, { $ref: `#/$defs/n${n + 1}` }]),
  );
  expect(toolFor({ $ref: "#/$defs/n0", $defs: chain }).schema).toEqual(nothing);
});

const odd = object(
  {
    $filter: string,
    filter: string,
    "a.b": string,
    "1st": string,
    größe: string,
    "": string,
    名: string,
    "\ud800": string,
    ["x".repeat(80)]: string,
    list: { type: "array", items: object({ $id: string, free: { type: "object" } }) },
    map: { type: "object", additionalProperties: object({ "@type": string }) },
    any: { anyOf: [object({ "#": string }), string] },
  },
  { required: ["$filter", "list"] },
);
const input = {
  $filter: "x eq 1",
  filter: "f",
  "a.b": "c",
  "1st": "1",
  größe: "g",
  "": "e",
  名: "n",
  list: [{ $id: "1", free: { $id: "stays", _id: 1 } }, "odd"],
  map: { "@type": { "@type": "t" } },
  any: { "#": 5 },
  unknown: { $filter: "stays" },
};

test.each(rules)("names that %s refuses are mapped, and an input back, at all levels", (by) => {
  const { schema, inputFor, inputFrom } = toolFor(odd, by);
  const accepted = by === "google" ? /^[a-zA-Z_]\w{0,63}$/ : /^[\w.-]{1,64}$/;
  const namesIn = (node: unknown): string[] =>
    (typeof node === "object" && node ? Object.entries(node) : []).flatMap(([key, value]) => [
      ...(key === "properties" ? Object.keys(value as object) : []),
      ...namesIn(value),
    ]);
  const names = namesIn(schema);
  expect(names.length).toBeGreaterThanOrEqual(16);
  for (const name of names) expect(name).toMatch(accepted);
  expect(new Set(Object.keys(schema.properties as object)).size).toBe(12);
  for (const name of schema.required as string[]) expect(schema.properties).toHaveProperty([name]);
  const sent = inputFor(input) as { [name: string]: unknown };
  expect(sent.filter).toBe("f");
  expect(Object.keys(sent)).not.toContain("$filter");
  expect(inputFrom(sent)).toEqual(input);
});

test("a property called __proto__ does no harm", () => {
  const json = JSON.parse(
    '{"type":"object","properties":{"__proto__":{"type":"string"},"constructor":{}}}',
  );
  const { schema, inputFrom } = toolFor(json);
  expect(Object.keys(schema.properties as object)).toEqual(["field", "field_2"]);
  const back = inputFrom({ field: "x" }) as object;
  expect(Object.keys(back)).toEqual(["__proto__"]);
  expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
});

test("an input that is no object stays as it is", () => {
  for (const given of [null, "text", 5, [odd]])
    expect(toolFor(odd).inputFrom(given)).toEqual(given);
});

test.each([
  { description: "", says: "tool" },
  { description: " \n", says: "tool" },
  { description: "Half \ud83d a pair.", says: "Half \ufffd a pair." },
])("the description $description", ({ description, says }) => {
  expect(toolFor({}, "openai", description).description).toBe(says);
});

test("a description is shortened where the provider says how long it may be, but not what to choose", () => {
  const json = { oneOf: [{ required: ["$url"] }, { required: ["text", "lang"] }] };
  const long = "x".repeat(5_000);
  expect(toolFor(json, "anthropic", long).description).toBe(
    `${long} Give one of these: url; or text and lang.`.replace("url", "_url"),
  );
  const { description } = toolFor(json, "openai", long);
  expect(description).toHaveLength(1_024);
  expect(description).toMatch(/x… Give one of these: _url; or text and lang\.$/);
});

test("half pairs leave no schema", () => {
  const json = object({
    "a\udc00": {
      type: "string",
      enum: ["\ud800"],
      description: "\ud800x",
      default: { "\ud800": 1 },
    },
  });
  for (const by of rules)
    expect(JSON.stringify(toolFor(json, by).schema)).not.toMatch(/\\ud[89a-f]/i);
});
