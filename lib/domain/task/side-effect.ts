import * as z from "zod";
import { truncate } from "../common.ts";

/**
 * Something with consequences outside the backend that a task has begun. `outcome` is null while it is not known how it
 * ended.
 */
export const SideEffect = z.object({
  /** Identifies it among the side effects of the task. */
  key: z.string(),
  what: z.string(),
  /** Digest of all that was done; empty when nobody needs to compare it. */
  digest: z.string().default(""),
  outcome: z.string().nullable(),
});
export type SideEffect = z.infer<typeof SideEffect>;

/** Side effects that a task remembers. */
const maxSideEffects = 50;
const maxWordsCharacters = 300;

/** Shortens a description to what is stored. */
const truncateWords = (text: string): string => truncate(text, maxWordsCharacters);

/** Finds the side effect with this key; undefined when the task does not remember one. */
export const findSideEffect = (
  effects: readonly SideEffect[],
  key: string,
): SideEffect | undefined => effects.find((effect) => effect.key === key);

/** Adds a side effect, or replaces the one with its key. Beyond `maxSideEffects` it drops the oldest ones. */
export const addSideEffect = (effects: readonly SideEffect[], added: SideEffect): SideEffect[] => [
  ...effects.filter(({ key }) => key !== added.key).slice(1 - maxSideEffects),
  { ...added, what: truncateWords(added.what) },
];

/** Notes how the side effect with this key ended. */
export const endSideEffect = (
  effects: readonly SideEffect[],
  key: string,
  outcome: string,
): SideEffect[] =>
  effects.map((effect) =>
    effect.key === key ? { ...effect, outcome: truncateWords(outcome) } : effect,
  );
