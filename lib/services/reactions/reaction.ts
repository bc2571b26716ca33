import type { Committed } from "../commit/commit.ts";

/** One piece of work outside the table. When it fails nothing is lost: the stored records say that it must be done. */
export type ReactionWork = () => Promise<void>;

/**
 * What follows a commit. To add one: write its file here, and add it to the list in functions/wiring/reactions.ts.
 *
 * `awaited` says how long the commit waits for it:
 * - `briefly`: all such work at once, for at most `maxReactionMs` together. For messages to others: whoever does not get
 *   one asks again.
 * - `to-its-end`: one after another, after the brief ones. For work that commits again, a bounded number of times.
 */
export type Reaction = {
  /** For the log. */
  name: string;
  awaited: "briefly" | "to-its-end";
  /** Gives the work that this commit needs; none when the commit does not concern the reaction. */
  of: (committed: Committed<unknown>) => readonly ReactionWork[];
};
