import type { Change, Needs } from "../domain/change.ts";
import type { Moment } from "../domain/common.ts";
import type { Call } from "./call.ts";
import type { IdempotencyKey } from "./idempotency.ts";

/** The change that a decision made, and the result to give when the change has been written. */
export type Decision<Result> = { change: Change; answer: (after: Change) => Result };

/**
 * What a use case that changes a project returns: which records to read, and the decision that `runCommand` commits. A use case
 * does not commit by itself, so that one place handles the idempotency key, If-Match and the shape of the response.
 */
export type Command<Result> = {
  project_id: string;
  /** The records that the decision looks at. */
  needs?: Needs;
  /** Gives further needs, which are known only when the first ones have been read. */
  more?: (change: Change) => Needs;
  /** The change that the use case has just made or read. It saves the first read. */
  known?: Change | undefined;
  /** Decides. It runs again when another commit was faster, so it has no effect but its return value. */
  decide: (change: Change, moment: Moment) => Decision<Result>;
};

/** One run of a command for a caller. */
export type CommandRun<Result, Answer> = {
  call: Call;
  /** Undefined when the caller sent no key. */
  idempotencyKey: IdempotencyKey | undefined;
  /**
   * Compares the state with If-Match.
   *
   * @throws Problem `precondition-failed` when the state is not the one that If-Match names
   */
  checkMatch: (change: Change) => void;
  /** Reads and checks what the decision needs, and stores contents. It runs only when the key has not been used yet. */
  prepare: () => Command<Result> | Promise<Command<Result>>;
  /**
   * Makes the response of the result. It runs before anything is written, so a result that breaks the schema writes nothing.
   * The response is stored under the key as it is: no internal field may be left in it.
   */
  shape: (result: Result) => Answer;
};

/** The result of several commands in one request. */
export type BatchResult<Result> = {
  result: Result;
  /** False when something failed that may succeed later. Then no response is stored, and the same request does the rest. */
  isFinal: boolean;
};

/** One run of a batch of commands for a caller. */
export type BatchRun<Result, Answer> = {
  idempotencyKey: IdempotencyKey | undefined;
  run: () => Promise<BatchResult<Result>>;
  shape: (result: Result) => Answer;
};

/** A response, and whether it was stored by an earlier request with the same key. */
export type Answered<Answer> = { body: Answer; replayed: boolean };
