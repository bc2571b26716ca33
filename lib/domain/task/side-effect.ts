import * as z from "zod";
import { truncate } from "../common.ts";

/** Something with consequences that a task has begun; `outcome` is null while nobody knows how it ended. */
export const SideEffect = z.object({
  /** Tells it from any other of the task. */
  key: z.string(),
  what: z.string(),
  /** Of the whole of what was done; empty where nobody asks whether it is the same again. */
  digest: z.string().default(""),
  outcome: z.string().nullable(),
});
export type SideEffect = z.infer<typeof SideEffect>;

/** Effects that a task remembers. */
const maxSideEffects = 50;
const maxWordsCharacters = 300;

/** Words about an effect, as long as they are kept. */
const truncateWords = (text: string): string => truncate(text, maxWordsCharacters);

export const findSideEffect = (
  effects: readonly SideEffect[],
  key: string,
): SideEffect | undefined => effects.find((effect) => effect.key === key);

/** With one more, or again with one that was there; the oldest of too many are forgotten. */
export const addSideEffect = (effects: readonly SideEffect[], added: SideEffect): SideEffect[] => [
  ...effects.filter(({ key }) => key !== added.key).slice(1 - maxSideEffects),
  { ...added, what: truncateWords(added.what) },
];

export const endSideEffect = (
  effects: readonly SideEffect[],
  key: string,
  outcome: string,
): SideEffect[] =>
  effects.map((effect) =>
    effect.key === key ? { ...effect, outcome: truncateWords(outcome) } : effect,
  );
