import type * as z from "zod";

/** A mistake in a file. `field` is empty when it is about the whole file. */
export type Mistake = { file: string; field: string; reason: string };

/** Collects a mistake, so that all are shown together. */
export type Report = (mistake: Mistake) => void;

/** Thrown for definition files that cannot be used. The message names every mistake, one on each line. */
export class DefinitionError extends Error {
  readonly #mistakes: readonly Mistake[];

  constructor(directory: string, mistakes: readonly Mistake[]) {
    const lines = mistakes.map(({ file, field, reason }) =>
      [file, field, reason].filter((part) => part !== "").join(": "),
    );
    const count = mistakes.length === 1 ? "is a mistake" : `are ${mistakes.length} mistakes`;
    super(`There ${count} in the definitions below ${directory}\n  ${lines.join("\n  ")}`);
    this.name = "DefinitionError";
    this.#mistakes = mistakes;
  }

  /** The mistakes. A getter, because Node prints an error's own fields after its message, which has them already. */
  get mistakes(): readonly Mistake[] {
    return this.#mistakes;
  }
}

const fieldOf = (path: readonly PropertyKey[]) => path.map(String).join(".");

const badFields = (issue: z.core.$ZodIssue, at: readonly PropertyKey[]) =>
  issue.code === "unrecognized_keys"
    ? issue.keys.map((key) => ({
        field: fieldOf([...at, ...issue.path, key]),
        reason: "Unknown field",
      }))
    : [{ field: fieldOf([...at, ...issue.path]), reason: issue.message }];

/**
 * Parses a value. Reports each wrong field, and gives undefined when there is one.
 *
 * @param from.at the value's place in the file
 */
export const parseOrReport = <S extends z.ZodType>(
  schema: S,
  value: unknown,
  from: { file: string; at?: readonly PropertyKey[]; report: Report },
): z.output<S> | undefined => {
  const { file, at = [], report } = from;
  const parsed = schema.safeParse(value, { error: missingMessage });
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues)
    for (const bad of badFields(issue, at)) report({ file, ...bad });
  return undefined;
};

const missingMessage: z.core.$ZodErrorMap = ({ input, code }) =>
  input === undefined && code.startsWith("invalid") ? "Is missing" : undefined;
