import { isObject } from "../../domain/json.ts";
import type { Refusal } from "../providers/refusal.ts";

/** Fields in which providers and compatible servers name an error. */
const codeFields = ["code", "type", "status", "name", "reason", "error_code", "quotaId", "__type"];
/** Fields in which they say it in words, the most telling first. */
const messageFields = ["message", "Message", "msg", "detail", "error_description", "description"];
/** Fields that hold the error, or more about it. */
const innerFields = ["error", "errors", "detail", "details", "response", "violations"];
/** Levels of a body that are read. */
const maxDepth = 5;

type Found = Omit<Refusal, "message"> & { messages: readonly string[]; retry_after_ms: number };

const nothing: Found = { status: null, codes: [], messages: [], retry_after_ms: 0 };

const merge = (all: readonly Found[]): Found => ({
  status: all.find(({ status }) => status !== null)?.status ?? null,
  codes: all.flatMap(({ codes }) => codes),
  messages: all.flatMap(({ messages }) => messages),
  retry_after_ms: Math.max(0, ...all.map(({ retry_after_ms }) => retry_after_ms)),
});

/** Reads an HTTP status of a failure from `402` or `"402"`; NaN for anything else. */
const statusIn = (value: unknown): number => {
  const status = typeof value === "string" && /^\d{3}$/.test(value) ? Number(value) : value;
  return typeof status === "number" && status >= 400 && status <= 599 ? status : Number.NaN;
};

/** Google's `retryDelay`: `34.5s`. */
const delayOf = (value: unknown): number => {
  const [, seconds] = /^(\d+(?:\.\d+)?)s$/.exec(String(value)) ?? [];
  return seconds === undefined ? 0 : Number(seconds) * 1_000;
};

const ownFields = (body: Record<string, unknown>): Found => {
  const named = codeFields.map((field) => body[field]);
  const statuses = [...named, body.statusCode, body.http_status].map(statusIn);
  return {
    status: statuses.find(Number.isFinite) ?? null,
    // AWS writes `com.amazon.service#ThrottlingException`, or adds an address after a colon.
    codes: named.filter((code) => typeof code === "string").map((code) => code.replace(/^.*#/, "")),
    messages: messageFields.map((field) => body[field]).filter((text) => typeof text === "string"),
    retry_after_ms: delayOf(body.retryDelay),
  };
};

/** Finds in a body of whatever shape what its server says of an error. */
const readBody = (body: unknown, depth = 0): Found => {
  if (depth > maxDepth || body === null) return nothing;
  if (Array.isArray(body)) return merge(body.slice(0, 5).map((each) => readBody(each, depth + 1)));
  if (typeof body === "string") return depth > 0 ? { ...nothing, messages: [body] } : nothing;
  if (!isObject(body)) return nothing;
  const inner = innerFields.filter((field) => typeof body[field] === "object");
  const text = typeof body.error === "string" ? [readBody(body.error, depth + 1)] : [];
  return merge([
    ownFields(body),
    ...text,
    ...inner.map((field) => readBody(body[field], depth + 1)),
  ]);
};

const parsed = (text: unknown): unknown => {
  if (typeof text !== "string") return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** The fields that the SDK's errors have. */
type SdkError = {
  statusCode?: unknown;
  code?: unknown;
  type?: unknown;
  data?: unknown;
  responseBody?: unknown;
  responseHeaders?: Record<string, string> | undefined;
  /** What did not have the expected shape. */
  value?: unknown;
  /** What was no JSON. */
  text?: unknown;
  cause?: unknown;
};

const bodiesIn = ({ data, responseBody, value, text }: SdkError): unknown[] => [
  data,
  parsed(responseBody),
  value,
  parsed(text),
];

/** What an error of the SDK, or one that a provider sent, says. */
export type ErrorFacts = Refusal & {
  headers: Record<string, string> | undefined;
  /** Milliseconds to wait, as the body says; 0 when it does not. */
  retry_after_ms: number;
  /** Whether the provider sent an error, as opposed to an answer that cannot be read. */
  is_told: boolean;
};

const messageIn = (error: unknown): string => {
  if (error instanceof Error) return error.message;
  return typeof error === "string" ? error : JSON.stringify(error);
};

/** Reads an error in all shapes that providers and compatible servers send, in a response or within a stream. */
export const factsOf = (error: unknown): ErrorFacts => {
  const own = (isObject(error) ? error : {}) as SdkError;
  const cause = (isObject(own.cause) ? own.cause : {}) as SdkError;
  const bodies = [...bodiesIn(own), ...bodiesIn(cause), ...(error instanceof Error ? [] : [error])];
  const found = merge(bodies.map((body) => readBody(body)));
  const headers = own.responseHeaders;
  // Amazon Bedrock names its exception in a header: `ThrottlingException:http://…`.
  const [named] = headers?.["x-amzn-errortype"]?.split(":") ?? [];
  const codes = [own.code, own.type, named].filter((code) => typeof code === "string");
  return {
    status: statusOf(own, found),
    codes: [...codes, ...found.codes],
    message: found.messages[0] ?? messageIn(error),
    headers,
    retry_after_ms: found.retry_after_ms,
    is_told: found.messages.length > 0,
  };
};

const statusOf = ({ statusCode }: SdkError, { status }: Found): number | null => {
  const sent = typeof statusCode === "number" ? statusCode : null;
  // The SDK writes 500 for an error in a stream whose status it does not know.
  return sent === null || sent < 300 || sent === 500 ? (status ?? sent) : sent;
};
