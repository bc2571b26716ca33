import { APICallError, StreamProviderError } from "ai";
import { expect, test } from "vitest";
import {
  BrokenReply,
  FilteredReply,
  failureOf,
} from "../../../../lib/agents/models/call-failure.ts";
import { type WireName, wires } from "../../../../lib/agents/providers/wires.ts";

const apiError = (fields: Partial<ConstructorParameters<typeof APICallError>[0]> = {}) =>
  new APICallError({ message: "No.", url: "http://x", requestBodyValues: {}, ...fields });

const judge = (error: unknown, wire: WireName = "openai") =>
  failureOf(error, {
    now: Date.parse("2030-01-01T00:00:00.000Z"),
    rules: wires[wire].refusals,
    key: "secret",
    prompt: [],
  });

const provider = { ok: false, fault: "provider", opens: false, retry_after_ms: 0 };
const lasting = { ...provider, opens: true, retryable: false };
const request = { ...provider, fault: "request", retryable: false };
const question = { ...request, fault: "question" };
const passing = { ...provider, retryable: true };

test.each([
  { statusCode: 400, failure: { code: "bad_request", ...request } },
  { statusCode: 401, failure: { code: "key_refused", ...lasting } },
  { statusCode: 402, failure: { code: "quota_exhausted", ...lasting } },
  { statusCode: 403, failure: { code: "forbidden", ...request } },
  { statusCode: 404, failure: { code: "unknown_model", ...request } },
  { statusCode: 408, failure: { code: "provider_timeout", ...passing } },
  { statusCode: 409, failure: { code: "conflict", ...passing } },
  { statusCode: 410, failure: { code: "unknown_model", ...request } },
  { statusCode: 413, failure: { code: "too_large", ...question } },
  { statusCode: 418, failure: { code: "bad_request", ...request } },
  { statusCode: 422, failure: { code: "bad_request", ...request } },
  { statusCode: 424, failure: { code: "provider_error", ...passing } },
  { statusCode: 425, failure: { code: "provider_error", ...passing } },
  { statusCode: 429, failure: { code: "rate_limited", ...passing } },
  { statusCode: 498, failure: { code: "overloaded", ...passing } },
  { statusCode: 499, failure: { code: "provider_error", ...passing } },
  { statusCode: 500, failure: { code: "provider_error", ...passing } },
  { statusCode: 501, failure: { code: "bad_request", ...request } },
  { statusCode: 503, failure: { code: "provider_error", ...passing } },
  { statusCode: 520, failure: { code: "provider_error", ...passing } },
  { statusCode: 524, failure: { code: "provider_error", ...passing } },
  { statusCode: 529, failure: { code: "overloaded", ...passing } },
  { statusCode: 301, failure: { code: "bad_request", ...request } },
])("HTTP $statusCode, before the answer and in the middle of it", ({ statusCode, failure }) => {
  const because = expect.stringMatching(new RegExp(`^[a-z' ]+; HTTP ${statusCode}$`));
  const expected = { because, said: "No.", ...failure };
  expect(judge(apiError({ statusCode }))).toEqual(expected);
  const later = new StreamProviderError({ message: "No.", statusCode });
  expect(judge(later)).toEqual(expected);
});

/** Every shape in which an error's name and words come: in a response, and within a stream. */
const shapes = [
  { name: "OpenAI's", body: { error: { message: "No.", type: "x", code: "insufficient_quota" } } },
  { name: "the code on top", body: { code: "insufficient_quota", message: "No." } },
  { name: "the type on top", body: { type: "insufficient_quota", message: "No." } },
  { name: "a type without a code", body: { error: { type: "insufficient_quota" } } },
  { name: "the code beside a text", body: { error: "No.", code: "insufficient_quota" } },
  { name: "a list", body: [{ error: { message: "No.", status: "INSUFFICIENT_QUOTA" } }] },
  { name: "a list of errors", body: { errors: [{ message: "No.", code: "InsufficientQuota" }] } },
  { name: "a detail", body: { detail: { msg: "No.", reason: "insufficient_quota" } } },
  {
    name: "a failed response",
    body: {
      type: "response.failed",
      response: { error: { code: "insufficient_quota", message: "No." } },
    },
  },
  {
    name: "Anthropic's",
    body: { type: "error", error: { type: "billing_error", message: "No." } },
  },
  { name: "a status in the body", body: { error: { code: 402, message: "No." } } },
  { name: "a status as a text", body: { error: { code: "402", message: "No." } } },
];

test.each(shapes)("$name: whatever its shape, an account that has run dry is one", ({ body }) => {
  const json = JSON.stringify(body);
  const errors = [
    apiError({ statusCode: 429, data: body, responseBody: json }),
    apiError({ statusCode: 400, message: "Bad Request", responseBody: json }),
    apiError({ statusCode: 200, message: "Invalid JSON response", responseBody: json }),
    Object.assign(new Error("Type validation failed"), { value: body }),
    Object.assign(new Error("Broken"), { cause: { value: body } }),
    new StreamProviderError({ message: "No.", statusCode: 500, data: body }),
  ];
  const codes = errors.map((error) => judge(error).code);
  // A status in the body does not speak against that of the response.
  const expected = json.includes("402")
    ? ["rate_limited", "bad_request"]
    : Array(2).fill("quota_exhausted");
  expect(codes).toEqual([...expected, ...Array(4).fill("quota_exhausted")]);
  expect(judge(body)).toMatchObject({ code: "quota_exhausted", ...lasting });
});

type Row = {
  wire?: WireName;
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
  code: string;
};

const named = (type: string, message = "No.") => ({ error: { type, message } });
const google = (status: string, message: string, details: unknown[] = []) => ({
  error: { code: 429, status, message, details },
});
const aws = (name: string, message = "No.") => ({
  wire: "bedrock" as const,
  headers: { "x-amzn-errortype": `${name}:http://internal.amazon.com/` },
  body: { message },
});
const perDay = {
  "@type": "type.googleapis.com/google.rpc.QuotaFailure",
  violations: [{ quotaId: "GenerateRequestsPerDayPerProjectPerModel-FreeTier" }],
};
const perMinute = { violations: [{ quotaId: "GenerateRequestsPerMinutePerProject" }] };
const quotaWords = "You exceeded your current quota, please check your plan and billing details.";

test.each<Row>([
  { status: 400, body: named("billing_hard_limit_reached"), code: "quota_exhausted" },
  { status: 429, body: named("billing_not_active"), code: "quota_exhausted" },
  { status: 429, body: named("tokens", quotaWords), code: "rate_limited" },
  { status: 429, body: named("tokens", "Limit 100000 tokens per day."), code: "quota_exhausted" },
  { status: 402, body: { message: "Insufficient Balance" }, code: "quota_exhausted" },
  { status: 403, body: { detail: "You are out of credits." }, code: "quota_exhausted" },
  {
    wire: "anthropic",
    status: 400,
    body: named("invalid_request_error", "Your credit balance is too low to access the API."),
    code: "quota_exhausted",
  },
  {
    wire: "anthropic",
    status: 400,
    body: named("invalid_request_error", "You have reached your specified API usage limits."),
    code: "quota_exhausted",
  },
  {
    wire: "anthropic",
    status: 400,
    body: named("invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum"),
    code: "too_long",
  },
  { wire: "anthropic", status: 403, body: named("permission_error"), code: "forbidden" },
  { wire: "anthropic", status: 200, body: named("overloaded_error"), code: "overloaded" },
  { wire: "anthropic", status: 413, body: named("request_too_large"), code: "too_large" },
  { wire: "anthropic", status: 504, body: named("timeout_error"), code: "provider_error" },
  { status: 400, body: { error: { code: "context_length_exceeded" } }, code: "too_long" },
  {
    wire: "openai-chat",
    status: 400,
    body: { message: "This model's maximum context length is 8192 tokens." },
    code: "too_long",
  },
  { wire: "openai-chat", status: 400, body: named("exceed_context_size_error"), code: "too_long" },
  {
    wire: "openai-chat",
    status: 422,
    body: { error: "`inputs` tokens + `max_new_tokens` must be <= 4096" },
    code: "too_long",
  },
  { status: 403, body: { error: { code: "model_not_found" } }, code: "unknown_model" },
  { status: 400, body: { message: "Model `x` does not exist" }, code: "unknown_model" },
  { status: 403, body: { error: { message: "Your API key has expired" } }, code: "key_refused" },
  { status: 400, body: { error: { code: "content_policy_violation" } }, code: "content_filter" },
  { status: 400, body: named("invalid_request_error", "It was flagged."), code: "content_filter" },
  { status: 200, body: { error: "upstream failed" }, code: "provider_error" },
  { status: 200, body: { detail: "upstream failed" }, code: "provider_error" },
  { status: 200, body: { code: "rate_limit_exceeded" }, code: "rate_limited" },
  { status: 200, body: { choices: [{ delta: { content: ["x"] } }] }, code: "broken_answer" },
  {
    wire: "google",
    status: 429,
    body: google("RESOURCE_EXHAUSTED", quotaWords, [perDay]),
    code: "quota_exhausted",
  },
  {
    wire: "google",
    status: 429,
    body: [google("RESOURCE_EXHAUSTED", quotaWords, [perMinute])],
    code: "rate_limited",
  },
  {
    wire: "google",
    status: 403,
    body: google("PERMISSION_DENIED", "It is off.", [{ reason: "SERVICE_DISABLED" }]),
    code: "key_refused",
  },
  { wire: "google", status: 403, body: google("PERMISSION_DENIED", "No."), code: "forbidden" },
  {
    wire: "google",
    status: 400,
    body: google("FAILED_PRECONDITION", "User location is not supported."),
    code: "forbidden",
  },
  { wire: "google", status: 503, body: google("UNAVAILABLE", "Overloaded."), code: "overloaded" },
  {
    status: 403,
    ...aws("AccessDeniedException", "You don't have access to the model."),
    code: "forbidden",
  },
  { status: 403, ...aws("UnrecognizedClientException"), code: "key_refused" },
  {
    status: 403,
    ...aws("x", "Authentication failed: make sure your API Key is valid."),
    code: "key_refused",
  },
  { status: 429, ...aws("ThrottlingException"), code: "rate_limited" },
  {
    status: 429,
    ...aws("ThrottlingException", "Too many tokens per day."),
    code: "quota_exhausted",
  },
  { status: 400, ...aws("ServiceQuotaExceededException"), code: "quota_exhausted" },
  { status: 429, ...aws("ModelNotReadyException"), code: "overloaded" },
  { status: 408, ...aws("ModelTimeoutException"), code: "provider_timeout" },
  { status: 424, ...aws("ModelErrorException"), code: "provider_error" },
  { status: 404, ...aws("ResourceNotFoundException"), code: "unknown_model" },
  { status: 400, ...aws("ValidationException"), code: "bad_request" },
  {
    status: 400,
    ...aws("ValidationException", "Input is too long for requested model."),
    code: "too_long",
  },
  {
    status: 400,
    ...aws("ValidationException", "The provided model identifier is invalid."),
    code: "unknown_model",
  },
  {
    wire: "bedrock",
    status: 400,
    body: { __type: "com.amazon.coral.service#ThrottlingException", message: "Slow down." },
    code: "rate_limited",
  },
])(
  "$wire HTTP $status $body $headers is $code",
  ({ wire = "openai", status, body, headers, code }) => {
    const error = apiError({
      statusCode: status,
      message: "Some status text",
      responseBody: JSON.stringify(body),
      ...(headers && { responseHeaders: headers }),
    });
    expect(judge(error, wire).code).toBe(code);
  },
);

test("where there is no key, nothing is tried", () => {
  const error = Object.assign(new Error("No credentials."), { name: "AI_LoadSettingError" });
  expect(judge(error)).toMatchObject({ code: "key_refused", retryable: false });
});

test("what the SDK does not even send is nobody's fault but ours", () => {
  const error = Object.assign(new Error("No."), { name: "AI_InvalidPromptError" });
  expect(judge(error)).toMatchObject({ code: "bad_request", ...request });
});

test("what a provider will not answer, it will not answer the next time either", () => {
  expect(judge(new FilteredReply("No."))).toMatchObject({ code: "content_filter", ...question });
});

test.each([
  { api: "google", refused: true },
  { api: "openai-chat", refused: true },
  { api: "openai", refused: false },
  { api: "anthropic", refused: false },
  { api: "bedrock", refused: false },
] as const)("400 with words about the key is a refused key on $api: $refused", (row) => {
  const error = apiError({ statusCode: 400, message: "API key not valid." });
  expect(judge(error, row.api)).toMatchObject(
    row.refused ? { ...lasting, code: "key_refused" } : { ...request, code: "bad_request" },
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
    ...passing,
    code,
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
  { headers: {}, body: { error: { details: [{ retryDelay: "34.5s" }] } }, ms: 34_500 },
])("$headers $body asks to wait $ms ms", ({ headers, body, ms }) => {
  const error = apiError({
    statusCode: 429,
    ...(headers && { responseHeaders: headers }),
    ...(body && { responseBody: JSON.stringify(body) }),
  });
  expect(judge(error).retry_after_ms).toBe(ms);
});

test.each([
  { status: 403, message: "Bearer Token has expired", code: "key_refused" },
  {
    status: 403,
    message: "Model access is denied due to INVALID_PAYMENT_INSTRUMENT: A valid one is needed.",
    code: "quota_exhausted",
  },
  {
    status: 400,
    message: "Failed to call a function. Please adjust your prompt.",
    named: "tool_use_failed",
    code: "broken_answer",
  },
])("$message: $code", ({ status, message, named, code }) => {
  const responseBody = JSON.stringify({ error: { message, code: named } });
  expect(judge(apiError({ statusCode: status, responseBody }), "bedrock")).toMatchObject({ code });
});
