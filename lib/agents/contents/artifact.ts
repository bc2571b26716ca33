import * as z from "zod";

export const text = z.string().min(1);
export const texts = z.array(text);
export const count = z.int().nonnegative();

/** What people said, and what was made of it. */
const feedback = z
  .array(z.object({ question: z.exactOptional(text), said: text, taken_up: text }))
  .default([]);

/**
 * What every artifact has. What else a model writes is dropped rather than refused: it costs nobody another
 * attempt.
 */
export const artifact = <S extends z.core.$ZodLooseShape>(shape: S) =>
  z.object({ title: text, ...shape, feedback });
