import * as z from "zod";
import type { Role } from "./access.ts";

export const Id = z.uuid().meta({
  id: "Id",
  description: "A UUID. The ones made here are version 7, so they sort by creation.",
});

export const Instant = z.iso.datetime({ precision: 3 }).meta({
  id: "Instant",
  description: "ISO 8601 in UTC, with milliseconds and `Z`. Sorts as text.",
});

/** Names of agents, of workflows and of their steps. */
export const DefinitionName = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, {
  error: "Must be lower case letters, digits and _, at most 40, a letter first",
});

const isControl = (character: string) => character < " " && !"\t\n\r".includes(character);

const isPlain = (value: string) => value.isWellFormed() && !Array.from(value).some(isControl);

/**
 * Makes the schema of a text that people write. It refuses lone surrogates, which cannot be stored, and control characters,
 * which JSON escapes: they would make a frame up to six times as large.
 *
 * @param max the most characters (UTF-16 code units)
 */
export const plainText = (max: number) =>
  z.string().max(max).refine(isPlain, "Must not hold control characters or lone surrogates");

/** Shortens any text to `max` characters, and replaces control characters by spaces and lone surrogates by U+FFFD. */
export const truncate = (value: string, max: number): string =>
  Array.from(value.slice(0, max).toWellFormed(), (character) =>
    isControl(character) ? " " : character,
  ).join("");

/** Shortens a text to `max` characters, and adds how many are missing. Its line breaks stay, unlike those of `truncate`. */
export const shorten = (text: string, max: number): string =>
  text.length > max
    ? `${text.slice(0, max).toWellFormed()} [… ${text.length - max} characters more]`
    : text;

/** Replaces each match of `characters` by its code, as in `\u{200b}`. */
export const withCodes = (value: string, characters: RegExp): string =>
  value.replace(characters, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);

/** Makes the schema of a plain text that is not blank. */
export const text = (min: number, max: number) =>
  plainText(max)
    .min(min)
    .refine((value) => value.trim().length > 0, "Must not be blank");

export const Phase = z
  .enum(["discovery", "plan", "design", "build", "validate", "launch"])
  .meta({ id: "Phase" });
export type Phase = z.infer<typeof Phase>;

export const OversightLevel = z.enum(["high", "medium", "low"]).meta({
  id: "OversightLevel",
  description:
    "How often a person is asked: after each phase, at the important ones, or only when something goes wrong.",
});
export type OversightLevel = z.infer<typeof OversightLevel>;

const ActorType = z.enum(["user", "agent", "system"]);

export const Actor = z.object({ type: ActorType, id: z.string() }).meta({
  id: "Actor",
  description: "Who did something: a person, an agent, or the system itself.",
});
export type Actor = z.infer<typeof Actor>;

/** Holds what a pure decision may not find out by itself: the instant, fresh ids, who acts, and the correlation id. */
export type Moment = { now: string; newId: () => string; actor: Actor; correlation_id: string };

/** Names one project. The tenant comes from the verified caller and nowhere else. */
export type ProjectKey = { tenant: string; project_id: string };

/** Who calls, with which roles. `authenticate` makes it from the verified token. */
export type Caller = { tenant: string; user_id: string; roles: readonly Role[] };

/**
 * Moves an instant by `ms` milliseconds.
 *
 * @throws RangeError when `instant` is not an instant
 */
export const addMs = (instant: string, ms: number) =>
  new Date(Date.parse(instant) + ms).toISOString();
