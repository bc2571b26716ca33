import type { FailedCall } from "../../domain/budget/breaker.ts";
import type { Refusal } from "../providers/wire.ts";

/** What went wrong with one call, whose fault it is, and what may help: decided here, and nowhere else. */
export type CallFailure = FailedCall & {
  /** The same call may succeed a little later. */
  retryable: boolean;
  /** In words for the person who is asked; nothing that the provider wrote, which may quote the prompt. */
  because: string;
  /** What the provider said, for the operator's log. */
  said: string;
};

/** Thrown in mid-call when the answer ended before it was whole. */
export class BrokenReply extends Error {
  override readonly name = "BrokenAnswer";
}

/** Thrown when a provider will not answer this question: another one may. */
export class FilteredReply extends Error {
  override readonly name = "FilteredAnswer";
}

const codesByStatus: Record<number, string> = {
  400: "bad_request",
  401: "key_refused",
  403: "forbidden",
  404: "unknown_model",
  408: "timeout",
  409: "conflict",
  413: "too_large",
  429: "rate_limited",
  529: "overloaded",
};

const codeOf = (status: number): string =>
  codesByStatus[status] ?? (status >= 500 ? "provider_error" : "bad_request");

/** Milliseconds to wait: `retry-after` as seconds or a date, `retry-after-ms` as OpenAI sends it; 0 where neither is. */
const retryAfter = (headers: Record<string, string> | undefined, now: number): number => {
  const ms = Number.parseFloat(headers?.["retry-after-ms"] ?? "");
  if (Number.isFinite(ms) && ms >= 0) return ms;
  const value = headers?.["retry-after"];
  if (value === undefined) return 0;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
  const date = Date.parse(value);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
};

/** What the SDK's errors of a response have, before the answer has begun and in the middle of it. */
type ResponseError = Error & {
  statusCode?: number | undefined;
  responseHeaders?: Record<string, string> | undefined;
  isRetryable: boolean;
  /** The body of the answer, as the provider's own format has it. */
  data?: unknown;
  code?: unknown;
};

const isResponseError = (error: unknown): error is ResponseError =>
  error instanceof Error && "isRetryable" in error;

const codeIn = ({ data, code }: ResponseError): unknown =>
  code ?? (data as { error?: { code?: unknown } } | undefined)?.error?.code;

/** An account that has run dry answers like one that is asked too fast. */
const isExhausted = (error: ResponseError, status: number) =>
  status === 429 && codeIn(error) === "insufficient_quota";

/** How a provider's wire says that a key is refused. */
type IsKeyRefused = (refusal: Refusal) => boolean;

const messageOf = (error: unknown): string => {
  if (error instanceof Error) return error.message;
  return typeof error === "string" ? error : JSON.stringify(error);
};

type FailureText = { code: string; because: string; said: string };

/** The provider's fault, and it may pass. */
const passingFailure = (cause: FailureText): CallFailure => ({
  ok: false,
  fault: "provider",
  opens: false,
  retry_after_ms: 0,
  retryable: true,
  ...cause,
});

/** The provider's fault until somebody changes the settings. */
const lastingFailure = (cause: FailureText): CallFailure => ({
  ...passingFailure(cause),
  opens: true,
  retryable: false,
});

/** What was asked is at fault. */
const requestFailure = (cause: FailureText): CallFailure => ({
  ...passingFailure(cause),
  fault: "request",
  retryable: false,
});

const isPassing = (status: number): boolean =>
  status === 408 || status === 409 || status === 429 || status >= 500;

const responseFailure = (
  error: ResponseError,
  status: number,
  { now, isKeyRefused }: { now: number; isKeyRefused: IsKeyRefused },
): CallFailure => {
  const said = error.message;
  const because = `HTTP ${status}`;
  if (isExhausted(error, status)) return lastingFailure({ code: "quota_exhausted", because, said });
  const retry_after_ms = retryAfter(error.responseHeaders, now);
  if (isKeyRefused({ status, message: said })) {
    return { ...lastingFailure({ code: "key_refused", because, said }), retry_after_ms };
  }
  const judge = isPassing(status) ? passingFailure : requestFailure;
  return { ...judge({ code: codeOf(status), because, said }), retry_after_ms };
};

/** What the SDK does not even send: no provider is to blame. */
const sdkRefusals: readonly string[] = [
  "AI_InvalidArgumentError",
  "AI_InvalidMessageRoleError",
  "AI_InvalidPromptError",
  "AI_MessageConversionError",
  "AI_UnsupportedFunctionalityError",
];

const isSdkRefusal = (error: unknown) => error instanceof Error && sdkRefusals.includes(error.name);

/** The SDK found no key, or no credentials of the role: nothing was sent. */
const isKeyMissing = (error: unknown) => error instanceof Error && error.name.startsWith("AI_Load");

/** What failed before there was a response, or in place of one. */
const failureWithoutResponse = (error: unknown): CallFailure | null => {
  const said = messageOf(error);
  if (error instanceof FilteredReply) {
    return requestFailure({
      code: "content_filter",
      because: "the provider will not answer this",
      said,
    });
  }
  if (error instanceof Error && error.name === "TimeoutError") {
    return passingFailure({ code: "timeout", because: "nothing was heard", said });
  }
  if (isKeyMissing(error))
    return lastingFailure({ code: "key_refused", because: "there is no key", said });
  if (isSdkRefusal(error)) {
    return requestFailure({ code: "bad_request", because: "it could not be asked", said });
  }
  return null;
};

const isOk = (status: number) => status >= 200 && status < 300;

/**
 * @param error as the SDK reports it: a response that is not one of success, one that cannot be read, or no response
 * @param now milliseconds, to read a date in `retry-after`
 */
export const failureOf = (error: unknown, now: number, isKeyRefused: IsKeyRefused): CallFailure => {
  const known = failureWithoutResponse(error);
  if (known) return known;
  const said = messageOf(error);
  if (isResponseError(error)) {
    const { statusCode } = error;
    if (statusCode !== undefined && !isOk(statusCode)) {
      return responseFailure(error, statusCode, { now, isKeyRefused });
    }
    if (statusCode === undefined && "requestBodyValues" in error) {
      return passingFailure({ code: "unreachable", because: "no connection", said });
    }
  }
  const because = "the answer broke off, or could not be read";
  return passingFailure({ code: "broken_answer", because, said });
};

/** `2026-11-25T09:47:00.000Z` as `09:47:00 UTC`. */
const clockTime = (instant: string) => `${instant.slice(11, 19)} UTC`;

/** A call that was called off: its run is over, its budget forbids it, or its money could not be reserved. */
export const calledOff: FailedCall = {
  ok: false,
  fault: "cancelled",
  code: "aborted",
  opens: false,
  retry_after_ms: 0,
};

/** A call that was not made, because the provider is paused until `retry_at`. */
export const circuitOpen = (retry_at: string, because: string | null): CallFailure => ({
  ...calledOff,
  code: "circuit_open",
  retryable: true,
  because: `paused until ${clockTime(retry_at)}${because ? ` after ${because}` : ""}`,
  said: "",
});
