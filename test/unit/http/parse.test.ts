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
