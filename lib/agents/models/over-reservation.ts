import { type CallFailure, calledOff } from "./call-failure.ts";
import type { TokenBounds } from "./reported-usage.ts";

/** Thrown when a request is larger than what was reserved for it. It was not sent. */
export class OverReservation extends Error {
  override readonly name = "OverReservation";
  /** What has to be reserved for the same request. */
  readonly needed: TokenBounds;
  constructor(needed: TokenBounds) {
    super(`The request needs ${needed.input} tokens of input and ${needed.output} of output.`);
    this.needed = needed;
  }
}

/** Finds an OverReservation in an error and its causes; null when there is none. */
export const overReservationIn = (error: unknown): OverReservation | null => {
  if (error instanceof OverReservation) return error;
  return error instanceof Error && error.cause ? overReservationIn(error.cause) : null;
};

/** Tokens that a request has besides those that are known before it is written. */
export type Surplus = TokenBounds;

export const noSurplus: Surplus = { input: 0, output: 0 };

/** Gives what a request had besides what was reserved for it; null when no reservation would be enough. */
export const surplusOf = (
  error: unknown,
  reserved: TokenBounds,
  before: Surplus,
): Surplus | null => {
  const needed = overReservationIn(error)?.needed;
  if (!needed || before !== noSurplus || !Number.isFinite(needed.output)) return null;
  return {
    input: Math.max(0, needed.input - reserved.input),
    output: Math.max(0, needed.output - reserved.output),
  };
};

/** The failure of a request whose cost cannot be bounded. It was not sent. */
export const unbounded = ({ message: said }: Error): CallFailure => ({
  ...calledOff,
  fault: "request",
  code: "not_bounded",
  retryable: false,
  because: "its cost cannot be bounded",
  said,
});
