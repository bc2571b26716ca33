import * as z from "zod";
import { compileSchema, type JudgeValue } from "./compile-schema.ts";
import type { SchemaNode } from "./subschemas.ts";

/** Compiled schemas of this process: the same tools come with every task. */
const maxCached = 300;
const cache = new Map<string, JudgeValue | null>();

/** Compiles a schema once. Gives null for one that cannot be read. */
const judgeOf = (schema: SchemaNode): JudgeValue | null => {
  const key = JSON.stringify(schema);
  const known = cache.get(key);
  if (known !== undefined) return known;
  const [oldest] = cache.size >= maxCached ? cache.keys() : [];
  if (oldest !== undefined) cache.delete(oldest);
  let judge: JudgeValue | null = null;
  try {
    judge = compileSchema(schema);
  } catch {}
  cache.set(key, judge);
  return judge;
};

/** Names of the schema and its dialect say nothing where it is a part of another one. */
const withoutNames = ({ $schema: _, $id: __, id: ___, $async: ____, ...rest }: SchemaNode) => rest;

const notRead: JudgeValue = () => [];

/** A value that is too deep for a recursive schema counts as one that fits: whoever made the schema judges it. */
const judged = (schema: SchemaNode, value: unknown) => {
  try {
    return (judgeOf(schema) ?? notRead)(value);
  } catch {
    return [];
  }
};

/**
 * Makes a zod schema that judges an object by a JSON Schema, and is written as it. It is compiled when it is first used. A
 * schema that cannot be read takes any object.
 */
export const zodSchemaOf = (schema: SchemaNode): z.ZodType =>
  z
    .unknown()
    .superRefine((value, context) => {
      const isAnObject = value !== null && typeof value === "object" && !Array.isArray(value);
      const problems = isAnObject
        ? judged(schema, value)
        : [{ path: [], message: "must be object" }];
      for (const { path, message } of problems) {
        context.addIssue({ code: "custom", path, message });
      }
    })
    .meta(withoutNames(schema));
