import { APICallError, StreamProviderError } from "ai";
import { expect, test } from "vitest";
import {
  BrokenReply,
  FilteredReply,
  failureOf,
} from "../../../../lib/agents/models/call-failure.ts";
import type { Wire } from "../../../../lib/agents/providers/wire.ts";
import { wires } from "../../../../lib/agents/providers/wires.ts";

const now = Date.parse("2030-01-01T00:00:00.000Z");

const apiError = (fields: Partial<ConstructorParameters<typeof APICallError>[0]> = {}) =>
  new APICallError({ message: "No.", url: "http://x", requestBodyValues: {}, ...fields });

const judge = (error: unknown, { isKeyRefused }: Wire = wires.openai) =>
  failureOf(error, now, isKeyRefused);

const provider = { ok: false, fault: "provider", opens: false, retry_after_ms: 0 };
const request = { ...provider, fault: "request", retryable: false };

test.each([
  { statusCode: 400, failure: { code: "bad_request", ...request } },
  { statusCode: 401, failure: { code: "key_refused", retryable: false, ...provider, opens: true } },
  { statusCode: 403, failure: { code: "forbidden", ...request } },
  { statusCode: 404, failure: { code: "unknown_model", ...request } },
  { statusCode: 408, failure: { code: "timeout", retryable: true, ...provider } },
  { statusCode: 409, failure: { code: "conflict", retryable: true, ...provider } },
  { statusCode: 413, failure: { code: "too_large", ...request } },
  { statusCode: 418, failure: { code: "bad_request", ...request } },
  { statusCode: 422, failure: { code: "bad_request", ...request } },
  { statusCode: 429, failure: { code: "rate_limited", retryable: true, ...provider } },
  { statusCode: 500, failure: { code: "provider_error", retryable: true, ...provider } },
  { statusCode: 503, failure: { code: "provider_error", retryable: true, ...provider } },
  { statusCode: 529, failure: { code: "overloaded", retryable: true, ...provider } },
  { statusCode: 301, failure: { code: "bad_request", ...request } },
])("HTTP $statusCode, before the answer and in the middle of it", ({ statusCode, failure }) => {
  const expected = { because: `HTTP ${statusCode}`, said: "No.", ...failure };
  expect(judge(apiError({ statusCode }))).toEqual(expected);
  const later = new StreamProviderError({ message: "No.", statusCode });
  expect(judge(later)).toEqual(expected);
});

test("an account that has run dry is not asked again", () => {
  const message = "You exceeded your current quota, please check your plan and billing details.";
  const data = { error: { code: "insufficient_quota" } };
  expect(judge(apiError({ statusCode: 429, message, data }))).toMatchObject({
    code: "quota_exhausted",
    retryable: false,
    opens: true,
  });
  expect(judge(apiError({ statusCode: 429, message }))).toMatchObject({
    code: "rate_limited",
    retryable: true,
  });
});

test("where there is no key, nothing is tried", () => {
  const error = Object.assign(new Error("No credentials."), { name: "AI_LoadSettingError" });
  expect(judge(error)).toMatchObject({ code: "key_refused", retryable: false });
});

test("what the SDK does not even send is nobody's fault but ours", () => {
  const error = Object.assign(new Error("No."), { name: "AI_InvalidPromptError" });
  expect(judge(error)).toMatchObject({ code: "bad_request", ...request });
});

test("what a provider will not answer, it will not answer the next time either", () => {
  expect(judge(new FilteredReply("No."))).toMatchObject({
    code: "content_filter",
    ...request,
  });
});

test.each([
  { api: "google", refused: true },
  { api: "openai-chat", refused: true },
  { api: "openai", refused: false },
  { api: "anthropic", refused: false },
  { api: "bedrock", refused: false },
] as const)("400 with words about the key is a refused key on $api: $refused", (row) => {
  const error = apiError({ statusCode: 400, message: "API key not valid." });
  const refusal = { ...provider, code: "key_refused", retryable: false, opens: true };
  expect(judge(error, wires[row.api])).toMatchObject(
    row.refused ? refusal : { ...request, code: "bad_request" },
  );
});

test.each([
  { name: "no response", error: apiError(), code: "unreachable" },
  {
    name: "an error in the stream that names no status",
    error: new StreamProviderError({ message: "Overloaded" }),
    code: "broken_answer",
  },
  {
    name: "a response that cannot be read",
    error: apiError({ statusCode: 200 }),
    code: "broken_answer",
  },
  { name: "an answer that ended early", error: new BrokenReply("Cut"), code: "broken_answer" },
  { name: "the time limit", error: new DOMException("Late", "TimeoutError"), code: "timeout" },
  { name: "any other error", error: new TypeError("terminated"), code: "broken_answer" },
  { name: "no error at all", error: "text part 1 not found", code: "broken_answer" },
])("$name may pass: $code", ({ error, code }) => {
  expect(judge(error)).toEqual({
    ...provider,
    code,
    retryable: true,
    because: expect.not.stringContaining("HTTP"),
    said: error instanceof Error ? error.message : String(error),
  });
});

test.each([
  { headers: undefined, ms: 0 },
  { headers: {}, ms: 0 },
  { headers: { "retry-after": "20" }, ms: 20_000 },
  { headers: { "retry-after": "0.5" }, ms: 500 },
  { headers: { "retry-after": "-5" }, ms: 0 },
  { headers: { "retry-after": "Tue, 01 Jan 2030 00:00:30 GMT" }, ms: 30_000 },
  { headers: { "retry-after": "Mon, 31 Dec 2029 23:59:30 GMT" }, ms: 0 },
  { headers: { "retry-after": "soon" }, ms: 0 },
  { headers: { "retry-after-ms": "1500", "retry-after": "20" }, ms: 1_500 },
  { headers: { "retry-after-ms": "0", "retry-after": "20" }, ms: 0 },
  { headers: { "retry-after-ms": "", "retry-after": "20" }, ms: 20_000 },
  { headers: { "retry-after-ms": "soon", "retry-after": "20" }, ms: 20_000 },
])("$headers asks to wait $ms ms", ({ headers, ms }) => {
  const error = apiError({ statusCode: 429, ...(headers && { responseHeaders: headers }) });
  expect(judge(error).retry_after_ms).toBe(ms);
});
