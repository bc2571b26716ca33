/** What went wrong with one call, and what may help. */
export type CallFailure = {
  code: string;
  /** The same call may succeed a little later. */
  retryable: boolean;
  /** What the provider asks to wait, in milliseconds. */
  retry_after_ms?: number;
  /** It says something about the provider, not about what was asked. */
  blames_provider: boolean;
  /** Nothing will help before somebody changes the settings. */
  opens?: boolean;
  /** In words for the person who is asked; nothing that the provider wrote, which may quote the prompt. */
  because: string;
  /** What the provider said, for the operator's log. */
  said: string;
};

/** Thrown in mid-call when the answer ended before it was whole. */
export class BrokenAnswer extends Error {
  override readonly name = "BrokenAnswer";
}

/** Thrown when a provider will not answer this question: another one may. */
export class FilteredAnswer extends Error {
  override readonly name = "FilteredAnswer";
}

const codes: Record<number, string> = {
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
  codes[status] ?? (status >= 500 ? "provider_error" : "bad_request");

/** `retry-after` as seconds or a date, `retry-after-ms` as OpenAI sends it. */
const retryAfter = (headers: Record<string, string> | undefined, now: number) => {
  const ms = Number.parseFloat(headers?.["retry-after-ms"] ?? "");
  if (Number.isFinite(ms) && ms >= 0) return ms;
  const value = headers?.["retry-after"];
  if (value === undefined) return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
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

/** Google refuses a wrong key with 400. A 403 may be about one model only, and says nothing of the key. */
const isRefused = ({ message }: ResponseError, status: number) =>
  status === 401 || (status === 400 && /^api key/i.test(message));

const codeIn = ({ data, code }: ResponseError): unknown =>
  code ?? (data as { error?: { code?: unknown } } | undefined)?.error?.code;

/** An account that has run dry answers like one that is asked too fast. */
const isExhausted = (error: ResponseError, status: number) =>
  status === 429 && codeIn(error) === "insufficient_quota";

const ofResponse = (error: ResponseError, status: number, now: number): CallFailure => {
  if (isExhausted(error, status)) return exhausted(error);
  const refused = isRefused(error, status);
  const wait = retryAfter(error.responseHeaders, now);
  const passing = status === 408 || status === 409 || status === 429 || status >= 500;
  return {
    code: refused ? "key_refused" : codeOf(status),
    retryable: passing,
    blames_provider: passing || refused,
    because: `HTTP ${status}`,
    said: error.message,
    ...(refused && { opens: true }),
    ...(wait !== undefined && { retry_after_ms: wait }),
  };
};

const wordsOf = (error: unknown): string => {
  if (error instanceof Error) return error.message;
  return typeof error === "string" ? error : JSON.stringify(error);
};

const passing = (code: string, because: string, error: unknown): CallFailure => ({
  code,
  retryable: true,
  blames_provider: true,
  because,
  said: wordsOf(error),
});

const exhausted = (error: unknown): CallFailure => ({
  ...passing("quota_exhausted", "HTTP 429", error),
  retryable: false,
  opens: true,
});

/** What the SDK does not even send: no provider is to blame. */
const ours: readonly string[] = [
  "AI_InvalidArgumentError",
  "AI_InvalidMessageRoleError",
  "AI_InvalidPromptError",
  "AI_MessageConversionError",
  "AI_UnsupportedFunctionalityError",
];

const isOurs = (error: unknown) => error instanceof Error && ours.includes(error.name);

const unsent = (error: unknown): CallFailure => ({
  ...passing("bad_request", "it could not be asked", error),
  retryable: false,
  blames_provider: false,
});

const filtered = ({ message }: FilteredAnswer): CallFailure => ({
  code: "content_filter",
  retryable: false,
  blames_provider: false,
  because: "the provider will not answer this",
  said: message,
});

/** The SDK found no key, or no credentials of the role: nothing was sent. */
const isUnset = (error: unknown) => error instanceof Error && error.name.startsWith("AI_Load");

const unset = (error: unknown): CallFailure => ({
  ...passing("key_refused", "there is no key", error),
  retryable: false,
  opens: true,
});

const isOk = (status: number | undefined) => status !== undefined && status >= 200 && status < 300;

/**
 * @param error as the SDK reports it: a response that is not one of success, one that cannot be read, or no response
 * @param now milliseconds, to read a date in `retry-after`
 */
export const failureOf = (error: unknown, now: number): CallFailure => {
  if (error instanceof FilteredAnswer) return filtered(error);
  const broken = passing("broken_answer", "the answer broke off, or could not be read", error);
  if (error instanceof Error && error.name === "TimeoutError") {
    return passing("timeout", "nothing was heard", error);
  }
  if (isUnset(error)) return unset(error);
  if (isOurs(error)) return unsent(error);
  if (!isResponseError(error)) return broken;
  const { statusCode } = error;
  if (isOk(statusCode)) return broken;
  if (statusCode !== undefined) return ofResponse(error, statusCode, now);
  return "requestBodyValues" in error ? passing("unreachable", "no connection", error) : broken;
};
