import type { FailedCall } from "../../domain/budget/breaker.ts";
import type { Refusal } from "../providers/wire.ts";

/** Why a model call failed, whose fault it is, and whether a retry may help. Only this file decides that. */
export type CallFailure = FailedCall & {
  /** The same call may succeed some seconds later. */
  retryable: boolean;
  /** The reason in words for a person. It quotes nothing from the provider, whose text may repeat the prompt. */
  because: string;
  /** The provider's own text, for the operator's log. */
  said: string;
};

/** Thrown when a reply ends before it is complete. */
export class BrokenReply extends Error {
  override readonly name = "BrokenReply";
}

/** Thrown when a provider refuses the question by its content filter: another provider may answer it. */
export class FilteredReply extends Error {
  override readonly name = "FilteredReply";
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

/**
 * Gives the milliseconds to wait: from `retry-after-ms` (OpenAI), or from `retry-after` in seconds or as a date; 0 without both.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
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

/** The SDK's error for a response: before the reply began, or while it was streamed. */
type ResponseError = Error & {
  statusCode?: number | undefined;
  responseHeaders?: Record<string, string> | undefined;
  isRetryable: boolean;
  /** The body of the response, in the provider's own format. */
  data?: unknown;
  code?: unknown;
};

const isResponseError = (error: unknown): error is ResponseError =>
  error instanceof Error && "isRetryable" in error;

const codeIn = ({ data, code }: ResponseError): unknown =>
  code ?? (data as { error?: { code?: unknown } } | undefined)?.error?.code;

/** OpenAI sends 429 for a used-up account, too: only the code in the body tells it from a rate limit. */
const isExhausted = (error: ResponseError, status: number) =>
  status === 429 && codeIn(error) === "insufficient_quota";

/** A wire's test whether a refusal is about the key. */
type IsKeyRefused = (refusal: Refusal) => boolean;

const messageOf = (error: unknown): string => {
  if (error instanceof Error) return error.message;
  return typeof error === "string" ? error : JSON.stringify(error);
};

type FailureText = { code: string; because: string; said: string };

/** A failure of the provider that may pass by itself. */
const passingFailure = (cause: FailureText): CallFailure => ({
  ok: false,
  fault: "provider",
  opens: false,
  retry_after_ms: 0,
  retryable: true,
  ...cause,
});

/** A failure of the provider that lasts until somebody changes the settings. */
const lastingFailure = (cause: FailureText): CallFailure => ({
  ...passingFailure(cause),
  opens: true,
  retryable: false,
});

/** A failure that the request caused. */
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

/** Names of the SDK's errors for a request that it does not send. */
const sdkRefusals: readonly string[] = [
  "AI_InvalidArgumentError",
  "AI_InvalidMessageRoleError",
  "AI_InvalidPromptError",
  "AI_MessageConversionError",
  "AI_UnsupportedFunctionalityError",
];

const isSdkRefusal = (error: unknown) => error instanceof Error && sdkRefusals.includes(error.name);

/** Whether the SDK found neither a key nor credentials of the role, and sent nothing. */
const isKeyMissing = (error: unknown) => error instanceof Error && error.name.startsWith("AI_Load");

/** Judges a failure without a response; null for any other. */
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
 * Judges why a model call failed.
 *
 * @param error the SDK's error: the response is a failure or cannot be read, or there is none
 * @param now milliseconds since 1970, to read a date in `retry-after`
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

/** A cancelled call: its run has ended, its budget forbids it, or its money could not be reserved. */
export const calledOff: FailedCall = {
  ok: false,
  fault: "cancelled",
  code: "aborted",
  opens: false,
  retry_after_ms: 0,
};

/** Makes the failure of a call that was not sent, because the provider is paused until `retry_at`. */
export const circuitOpen = (retry_at: string, because: string | null): CallFailure => ({
  ...calledOff,
  code: "circuit_open",
  retryable: true,
  because: `paused until ${clockTime(retry_at)}${because ? ` after ${because}` : ""}`,
  said: "",
});
