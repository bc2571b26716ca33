import * as z from "zod";
import { addMs, Instant } from "../common.ts";

/** A count of tokens that was not believed: of which model, and why. */
export const Doubt = z.object({ model: z.string(), reason: z.string(), at: Instant });
export type Doubt = z.infer<typeof Doubt>;

/** A doubt is written at most this often, in milliseconds: a provider that counts wrongly does so in each call. */
const noteMs = 60_000;

/** Gives the last doubt with a new one in its place; null when there is nothing to write. */
export const nextDoubt = (
  last: Doubt | null,
  { model, reason }: Omit<Doubt, "at">,
  now: string,
): Doubt | null => {
  if (last && last.model === model.slice(0, 200) && now < addMs(last.at, noteMs)) return null;
  return { model: model.slice(0, 200), reason: reason.slice(0, 300), at: now };
};
