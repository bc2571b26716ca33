import type * as z from "zod";
import { Problem } from "../domain/problem.ts";

type BadField = { pointer: string; detail: string };

const pointerTo = (path: readonly PropertyKey[]): string =>
  `#/${path.map((part) => String(part).replaceAll("~", "~0").replaceAll("/", "~1")).join("/")}`;

/** Makes one row for each bad field. Unknown fields have a row each. */
const badFields = (issue: z.core.$ZodIssue, at: readonly PropertyKey[]): BadField[] =>
  issue.code === "unrecognized_keys"
    ? issue.keys.map((key) => ({
        pointer: pointerTo([...at, ...issue.path, key]),
        detail: "Unknown field",
      }))
    : [{ pointer: pointerTo([...at, ...issue.path]), detail: issue.message }];

/**
 * Parses a part of a request.
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
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.flatMap((issue) => badFields(issue, at)).slice(0, 50);
  const [first] = errors;
  throw new Problem("invalid-request", `${first?.pointer}: ${first?.detail}`, {
    cause: parsed.error,
    extensions: { errors },
  });
};
