import type * as z from "zod";
import { isObject } from "../../domain/json.ts";
import { type FoundObject, findObjects } from "./find-objects.ts";
import { fitToSchema } from "./fit-schema.ts";
import type { JsonSchemaNode } from "./schema-node.ts";

/** A schema, for the validator and as JSON Schema of an object. */
export type AnswerSchema = { schema: z.ZodType; json: JsonSchemaNode };

/** What meets the schema, with the mends that it took in words; or why nothing does, null when there is no object. */
type Answer = { value: unknown; mends: string[] } | { error: z.ZodError | null };

/** Fields of one object that are looked into. */
const maxFields = 20;

const judge = ({ schema, json }: AnswerSchema, { value, mends }: FoundObject): Answer => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { value: parsed.data, mends };
  const fitted = fitToSchema(json, value);
  const again = fitted.mends.length > 0 ? schema.safeParse(fitted.value) : parsed;
  if (again.success) return { value: again.data, mends: [...mends, ...fitted.mends] };
  return { error: parsed.error };
};

/** Reads the one field of an object that meets the schema itself. */
const judgeFields = (wanted: AnswerSchema, { value, mends }: FoundObject): Answer => {
  const found = Object.entries(value)
    .slice(0, maxFields)
    .flatMap(([key, field]) => {
      if (!isObject(field)) return [];
      const noted = [...mends, `it was inside of "${key.slice(0, 40)}"`];
      const answer = judge(wanted, { value: field, mends: noted });
      return "error" in answer ? [] : [answer];
    });
  const [only] = found;
  return only && found.length === 1 ? only : { error: null };
};

const fieldsOf = ({ json }: AnswerSchema): readonly string[] =>
  isObject(json.properties) ? Object.keys(json.properties) : [];

/**
 * Reads the last whole object in a text that meets the schema, whatever is around it. What has one meaning only is mended.
 */
export const readAnswer = (wanted: AnswerSchema, text: string): Answer => {
  const fields = fieldsOf(wanted);
  const isWanted = (beginning: string) =>
    fields.includes(/^\{\s*["']([^"'\\]*)["']/.exec(beginning)?.[1] ?? "");
  const errors: { error: z.ZodError; known: number }[] = [];
  for (const object of findObjects(text, isWanted)) {
    const answer = judge(wanted, object);
    if (!("error" in answer)) return answer;
    const inner = judgeFields(wanted, object);
    if (!("error" in inner)) return inner;
    const known = fields.filter((field) => Object.hasOwn(object.value, field)).length;
    if (answer.error) errors.push({ error: answer.error, known });
  }
  const [nearest] = errors.toSorted((a, b) => b.known - a.known);
  return { error: nearest?.error ?? null };
};
