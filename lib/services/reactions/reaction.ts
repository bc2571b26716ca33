import type { Committed } from "../commit/commit.ts";

/** One thing to be done outside the table. A failure loses nothing: what is to be done follows from what is stored. */
export type ReactionWork = () => Promise<void>;

/**
 * What follows a commit. To add one: write its file here, and add it to the list in functions/wiring/reactions.ts.
 *
 * `awaited` says how long the commit waits for it: `briefly` (all such works at once, for `maxReactionMs` together) fits
 * what tells others, who ask again when they hear nothing; `to-its-end` (one after another, after the brief ones) fits
 * what commits again, a bounded number of times.
 */
export type Reaction = {
  /** For the log. */
  name: string;
  awaited: "briefly" | "to-its-end";
  /** What this commit asks for. No work when it does not concern the reaction. */
  of: (committed: Committed<unknown>) => readonly ReactionWork[];
};
