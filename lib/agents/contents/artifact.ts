import * as z from "zod";

export const text = z.string().min(1);
export const texts = z.array(text);
export const count = z.int().nonnegative();

const feedback = z.array(
  z.strictObject({ question: z.exactOptional(text), said: text, taken_up: text }),
);

/** What every artifact has. `appendix` only fills up to a size that was asked for. */
export const artifact = <S extends z.core.$ZodLooseShape>(shape: S) =>
  z.strictObject({ title: text, ...shape, feedback, appendix: z.exactOptional(z.string()) });
