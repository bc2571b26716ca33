import * as z from "zod";
import { cut } from "../common.ts";

/** Something with consequences that a task has begun; `outcome` is null while nobody knows how it ended. */
export const Effect = z.object({
  /** Tells it from any other of the task. */
  key: z.string(),
  what: z.string(),
  /** Of the whole of what was done; empty where nobody asks whether it is the same again. */
  digest: z.string().default(""),
  outcome: z.string().nullable(),
});
export type Effect = z.infer<typeof Effect>;

/** Effects that a task remembers. */
const mostEffects = 50;
const mostCharacters = 300;

/** Words about an effect, as long as they are kept. */
const effectWords = (text: string): string => cut(text, mostCharacters);

export const findEffect = (effects: readonly Effect[], key: string): Effect | undefined =>
  effects.find((effect) => effect.key === key);

/** With one more, or again with one that was there; the oldest of too many are forgotten. */
export const addEffect = (effects: readonly Effect[], added: Effect): Effect[] => [
  ...effects.filter(({ key }) => key !== added.key).slice(1 - mostEffects),
  { ...added, what: effectWords(added.what) },
];

export const endEffect = (effects: readonly Effect[], key: string, outcome: string): Effect[] =>
  effects.map((effect) =>
    effect.key === key ? { ...effect, outcome: effectWords(outcome) } : effect,
  );
