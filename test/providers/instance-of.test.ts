import { expect, test } from "vitest";
import { z } from "zod";
import { instanceOf } from "./instance-of.ts";
import type { Json } from "./wire.ts";

type Tree = { name: string; children: Tree[]; parent: Tree | null };
const Tree: z.ZodType<Tree> = z.object({
  name: z.string().min(1),
  get children() {
    return z.array(Tree).min(1).max(2);
  },
  get parent() {
    return z.nullable(Tree);
  },
}) as z.ZodType<Tree>;

const schemas: Record<string, z.ZodType> = {
  "a string with a length": z.string().min(40).max(50),
  "a short string": z.string().max(2),
  "a pattern": z.string().regex(/^R\d+$/),
  "a pattern with sets and counts": z.string().regex(/^[a-z][a-z0-9_]*\.(ts|js)$/),
  "a path": z.string().regex(/^(?:src|test)\/[\w.-]{3,8}$/),
  "an instant": z.iso.datetime(),
  "an id": z.uuid(),
  "an email": z.email(),
  "an integer in a range": z.int().min(3).max(4),
  "a number below": z.number().lt(0.2).gt(0.1),
  "a negative number": z.number().max(-5),
  "a multiple": z.number().multipleOf(7).min(8),
  "an enum": z.enum(["high", "low"]),
  "a literal": z.literal(42),
  "a union": z.union([z.object({ a: z.int() }), z.string()]),
  "one of some kinds": z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("a"), a: z.boolean() }),
    z.strictObject({ kind: z.literal("b") }),
  ]),
  "a value that may be null": z.nullable(z.string().min(3)),
  "an array with a least length": z.array(z.strictObject({ a: z.string() })).min(3),
  "an empty array": z.array(z.string()).max(0),
  "a tuple": z.tuple([z.string(), z.int()]),
  "optional fields": z.strictObject({ a: z.string(), b: z.int().optional() }),
  "free keys": z.record(z.string(), z.number()),
  "a default": z.strictObject({ a: z.string().default("x") }),
};

test.each(Object.entries(schemas))("%s", (_name, schema) => {
  const instance = instanceOf(z.toJSONSchema(schema, { io: "input" }) as Json);
  expect(schema.safeParse(instance).error).toBeUndefined();
});

test("optional fields are there, and an instance is always the same", () => {
  const schema = z.toJSONSchema(z.object({ a: z.string(), b: z.int().optional() })) as Json;
  expect(instanceOf(schema)).toEqual({ a: "Some a", b: 1 });
  expect(instanceOf(schema)).toEqual(instanceOf(schema));
});

test("constraints that a client moved into the description count, too", () => {
  const said = (type: string, description: string) => ({ type, description });
  const properties = {
    id: said("string", "The requirement.\npattern: ^R\\d+$."),
    share: said("number", "minimum: 2; exclusive maximum: 2.5."),
    names: { ...said("array", "min items: 2; max items: 3."), items: { type: "string" } },
    plain: said("string", "At minimum: nothing."),
  };
  expect(instanceOf({ type: "object", properties })).toEqual({
    id: "R1",
    share: 2,
    names: ["Some names", "Some names"],
    plain: "Some plain",
  });
});

test("references and parts of a whole", () => {
  const schema = {
    $ref: "#/$defs/whole",
    $defs: {
      whole: { allOf: [{ $ref: "#/$defs/one" }, { properties: { b: { enum: ["x"] } } }] },
      one: { type: "object", properties: { a: { type: ["null", "integer"], minimum: 7 } } },
    },
  };
  expect(instanceOf(schema)).toEqual({ a: 7, b: "x" });
});

test("a schema within itself comes to an end", () => {
  const json = z.toJSONSchema(z.object({ name: z.string(), parent: z.nullable(Tree) })) as Json;
  expect(JSON.stringify(instanceOf(json)).length).toBeGreaterThan(100);
});
