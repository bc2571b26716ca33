import type * as z from "zod";
import { findHalfPairs } from "../domain/json.ts";
import { Problem } from "../domain/problem.ts";

type BadField = { pointer: string; detail: string };

const pointerTo = (path: readonly PropertyKey[]): string =>
  `#/${path.map((part) => String(part).toWellFormed().replaceAll("~", "~0").replaceAll("/", "~1")).join("/")}`;

/** Makes one row for each bad field. Unknown fields have a row each. */
const badFields = (issue: z.core.$ZodIssue, at: readonly PropertyKey[]): BadField[] =>
  issue.code === "unrecognized_keys"
    ? issue.keys.map((key) => ({
        pointer: pointerTo([...at, ...issue.path, key]),
        detail: "Unknown field",
      }))
    : [{ pointer: pointerTo([...at, ...issue.path]), detail: issue.message }];

const refuse = (errors: BadField[], cause?: Error): never => {
  const [first] = errors;
  throw new Problem("invalid-request", `${first?.pointer}: ${first?.detail}`, {
    ...(cause && { cause }),
    extensions: { errors },
  });
};

/**
 * Parses a part of a request, or a message of a socket. Whatever its schema says, no text and no field name in it may hold
 * half a surrogate pair.
 *
 * @param at the value's place in the request, for the pointers
 * @throws Problem `invalid-request`, with a pointer for each bad field
 */
export const parse = <S extends z.ZodType>(
  schema: S,
  value: unknown,
  at: readonly PropertyKey[] = [],
): z.output<S> => {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const errors = parsed.error.issues.flatMap((issue) => badFields(issue, at)).slice(0, 50);
    return refuse(errors, parsed.error);
  }
  const halves = findHalfPairs(value);
  if (halves.length === 0) return parsed.data;
  const detail = "Must not hold half a surrogate pair";
  return refuse(halves.map((path) => ({ pointer: pointerTo([...at, ...path]), detail })));
};
