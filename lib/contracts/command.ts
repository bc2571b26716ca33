import type { Change, Needs } from "../domain/change.ts";
import type { Moment } from "../domain/common.ts";
import type { Call } from "./call.ts";
import type { IdempotencyKey } from "./idempotency.ts";

/** What a decision makes of a change, and what it comes to once it is written. */
export type Decision<Result> = { change: Change; answer: (after: Change) => Result };

/**
 * What a use case that changes a project returns: the change as a decision, which `runCommand` commits. A use case does
 * not commit by itself, so that idempotency key, If-Match and the shape of the answer are handled in that one place.
 */
export type Command<Result> = {
  project_id: string;
  needs?: Needs;
  /** Further needs that show only when the first are read. */
  more?: (change: Change) => Needs;
  /** What the use case has just made or read: saves the first read. */
  known?: Change | undefined;
  /** Runs again after a lost race: it has no effect but its return value. */
  decide: (change: Change, moment: Moment) => Decision<Result>;
};

/** One run of a command for a caller. */
export type CommandRun<Result, Answer> = {
  call: Call;
  /** Undefined where the caller sent no key. */
  idempotencyKey: IdempotencyKey | undefined;
  /** @throws Problem `precondition-failed` when the state is not the one that If-Match names */
  checkMatch: (change: Change) => void;
  /** Reads and checks what the decision needs, and keeps contents; runs only when the key is not used yet. */
  prepare: () => Command<Result> | Promise<Command<Result>>;
  /**
   * The answer as the caller gets it. It runs before anything is written: the answer is kept under the key as it comes
   * from here, so no internal field may be left in it, and a result that breaks the schema writes nothing.
   */
  shape: (result: Result) => Answer;
};

/** What came of several commands in one request. */
export type BatchResult<Result> = {
  result: Result;
  /** False when something failed for now: nothing is kept, and the same request goes on with what is left. */
  isFinal: boolean;
};

/** One run of a batch. */
export type BatchRun<Result, Answer> = {
  idempotencyKey: IdempotencyKey | undefined;
  run: () => Promise<BatchResult<Result>>;
  shape: (result: Result) => Answer;
};

/** An answer, and whether it is the one of an earlier request with the same key. */
export type Answered<Answer> = { body: Answer; replayed: boolean };
