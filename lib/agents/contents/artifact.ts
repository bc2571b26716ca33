import * as z from "zod";

export const text = z.string().min(1);
export const texts = z.array(text);
export const count = z.int().nonnegative();

/** A person's words (`said`), and what the agent did with them. */
const feedback = z
  .array(z.object({ question: z.exactOptional(text), said: text, taken_up: text }))
  .default([]);

/** Makes the schema of an artifact's content. Unknown fields of a model are dropped, so that they cost no further attempt. */
export const artifact = <S extends z.core.$ZodLooseShape>(shape: S) =>
  z.object({ title: text, ...shape, feedback });
