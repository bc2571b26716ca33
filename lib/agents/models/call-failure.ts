import type { FailedCall } from "../../domain/budget/breaker.ts";
import { retryAfterMs } from "../../domain/retry-after.ts";
import { type FailureCode, failureKinds, kindOf, type RefusalRule } from "../providers/refusal.ts";
import { cleanWords } from "./clean-words.ts";
import { type ErrorFacts, factsOf } from "./error-facts.ts";

/** Why a model call failed, whose fault it is, and whether a retry may help. Only this file decides that. */
export type CallFailure = FailedCall & {
  /** The same call may succeed some seconds later. */
  retryable: boolean;
  /** The reason in words for a person. It quotes nothing from the provider, whose text may repeat the prompt. */
  because: string;
};

/** Thrown when a reply ends before it is complete. */
export class BrokenReply extends Error {
  override readonly name = "BrokenReply";
}

/** Thrown when a provider refuses the question by its content filter: another provider may answer it. */
export class FilteredReply extends Error {
  override readonly name = "FilteredReply";
}

/**
 * Gives the milliseconds to wait: from `retry-after-ms` (OpenAI), or from `retry-after`, or from the body; 0 without any.
 */
const retryAfter = ({ headers, retry_after_ms }: ErrorFacts, now: number): number => {
  const ms = Number.parseFloat(headers?.["retry-after-ms"] ?? "");
  if (Number.isFinite(ms) && ms >= 0) return ms;
  const value = headers?.["retry-after"];
  if (value === undefined) return retry_after_ms;
  return retryAfterMs(value, now) ?? 0;
};

/** Makes the failure of a kind. `detail` is added to the words of the kind. */
export const failureAs = (
  code: FailureCode,
  { said = "", detail = "", retry_after_ms = 0 } = {},
): CallFailure => {
  const { words, ...kind } = failureKinds[code];
  return {
    ok: false,
    ...kind,
    code,
    retry_after_ms,
    because: detail ? `${words}; ${detail}` : words,
    said,
  };
};

/** Names of the SDK's errors for a request that it does not send. */
const sdkRefusals: readonly string[] = [
  "AI_InvalidArgumentError",
  "AI_InvalidMessageRoleError",
  "AI_InvalidPromptError",
  "AI_MessageConversionError",
  "AI_UnsupportedFunctionalityError",
];

/** Gives the kind of a failure that no provider reported; null for any other. */
const ownKindOf = (error: unknown): FailureCode | null => {
  if (!(error instanceof Error)) return null;
  if (error instanceof FilteredReply) return "content_filter";
  if (error.name === "TimeoutError") return "timeout";
  // The SDK found neither a key nor credentials of the role, and sent nothing.
  if (error.name.startsWith("AI_Load")) return "key_refused";
  return sdkRefusals.includes(error.name) ? "bad_request" : null;
};

/** Whether a request of the SDK got no response. */
const isUnanswered = (error: unknown, { status }: ErrorFacts): boolean =>
  status === null && error instanceof Error && "requestBodyValues" in error;

const reportedKindOf = (
  error: unknown,
  facts: ErrorFacts,
  rules: readonly RefusalRule[],
): FailureCode => {
  const kind = kindOf(facts, rules);
  if (kind) return kind;
  if (facts.is_told) return "provider_error";
  return isUnanswered(error, facts) ? "unreachable" : "broken_answer";
};

/** What a failed call was. */
type FailedQuestion = {
  /** Milliseconds since 1970, to read a date in `retry-after`. */
  now: number;
  /** The rules of the provider's wire. */
  rules: readonly RefusalRule[];
  /** The provider's key, which must not be quoted. */
  key: string | null;
  /** The messages that were sent, which must not be quoted either. */
  prompt: unknown;
};

/**
 * Judges why a model call failed.
 *
 * @param error the SDK's error: the response is a failure or cannot be read, or there is none
 */
export const failureOf = (error: unknown, asked: FailedQuestion): CallFailure => {
  const facts = factsOf(error);
  const own = ownKindOf(error);
  const said = cleanWords(facts.message, asked);
  if (own) return failureAs(own, { said });
  const { status } = facts;
  return failureAs(reportedKindOf(error, facts, asked.rules), {
    said,
    detail: status !== null && status >= 300 ? `HTTP ${status}` : "",
    retry_after_ms: retryAfter(facts, asked.now),
  });
};

/** `2026-11-25T09:47:00.000Z` as `09:47:00 UTC`. */
const clockTime = (instant: string) => `${instant.slice(11, 19)} UTC`;

/** A cancelled call: its run has ended, its budget forbids it, or its money could not be reserved. */
export const calledOff: FailedCall = {
  ok: false,
  fault: "cancelled",
  code: "aborted",
  opens: false,
  retry_after_ms: 0,
  said: "",
};

/** Makes the failure of a call that was not sent, because the provider is paused until `retry_at`. */
export const circuitOpen = (retry_at: string, because: string | null): CallFailure => ({
  ...calledOff,
  code: "circuit_open",
  retryable: true,
  because: `paused until ${clockTime(retry_at)}${because ? ` after ${because}` : ""}`,
});
