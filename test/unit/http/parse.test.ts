import { expect, test } from "vitest";
import * as z from "zod";
import { parse } from "../../../lib/http/parse.ts";

const Body = z.strictObject({
  name: z.string().min(1),
  level: z.enum(["high", "low"]).default("low"),
  options: z
    .array(z.strictObject({ text: z.string() }))
    .max(60)
    .optional(),
  "a/b~c": z.int().optional(),
});
const Request = z.object({ body: Body });

const pointersOf = (body: unknown): string[] => {
  try {
    parse(Request, { body });
    return [];
  } catch (error) {
    const { extensions } = error as { extensions: { errors: { pointer: string }[] } };
    return extensions.errors.map(({ pointer }) => pointer);
  }
};

test("a valid value comes back with its defaults", () => {
  expect(parse(Request, { body: { name: "x" } })).toEqual({ body: { name: "x", level: "low" } });
});

test.each([
  { name: "a missing field", body: {}, pointers: ["#/body/name"] },
  { name: "a wrong type", body: { name: 1 }, pointers: ["#/body/name"] },
  { name: "a wrong word", body: { name: "x", level: "mid" }, pointers: ["#/body/level"] },
  { name: "an unknown field", body: { name: "x", head: 1 }, pointers: ["#/body/head"] },
  {
    name: "several unknown fields",
    body: { name: "x", a: 1, b: 2 },
    pointers: ["#/body/a", "#/body/b"],
  },
  {
    name: "an item of a list",
    body: { name: "x", options: [{ text: "a" }, {}] },
    pointers: ["#/body/options/1/text"],
  },
  {
    name: "an unknown field deep inside",
    body: { name: "x", options: [{ text: "a", b: 1 }] },
    pointers: ["#/body/options/0/b"],
  },
  {
    name: "a name that needs escapes",
    body: { name: "x", "a/b~c": "1" },
    pointers: ["#/body/a~1b~0c"],
  },
  {
    name: "all that is wrong",
    body: { name: "", level: "mid", c: 1 },
    pointers: ["#/body/name", "#/body/level", "#/body/c"],
  },
  { name: "no object", body: [1], pointers: ["#/body"] },
  { name: "no body", body: undefined, pointers: ["#/body"] },
])("points at $name", ({ body, pointers }) => {
  expect(pointersOf(body)).toEqual(pointers);
});

test("the problem is invalid-request, and its detail the first bad field", () => {
  expect(() => parse(Request, { body: { name: "x", head: 1 } })).toThrow(
    expect.objectContaining({
      code: "invalid-request",
      message: "#/body/head: Unknown field",
      extensions: { errors: [{ pointer: "#/body/head", detail: "Unknown field" }] },
    }),
  );
});

test("at most fifty bad fields are named", () => {
  expect(pointersOf({ name: "x", options: Array.from({ length: 60 }, () => ({})) })).toHaveLength(
    50,
  );
});

test("a value that is not the whole request says where it stands", () => {
  expect(() => parse(z.string(), 1, ["headers", "x-user-id"])).toThrow(
    expect.objectContaining({ message: expect.stringContaining("#/headers/x-user-id: ") }),
  );
});

const anything = z.object({ body: z.looseObject({ text: z.string().optional() }) });

test.each([
  ["a text", { text: "a\ud800" }, "#/body/text"],
  ["any value", { content: { a: ["\udc00"] } }, "#/body/content/a/0"],
  ["a field's name", { content: { "\ud83d": 1 } }, "#/body/content"],
])("half a surrogate pair is refused whatever the schema: %s", (_, body, pointer) => {
  const detail = "Must not hold half a surrogate pair";
  expect(() => parse(anything, { body })).toThrow(
    expect.objectContaining({ extensions: { errors: [{ pointer, detail }] } }),
  );
});

test("no pointer holds half a surrogate pair", () => {
  expect(pointersOf({ name: "x", "\ud83d": 1 })).toEqual(["#/body/\ufffd"]);
});
