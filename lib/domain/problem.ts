/**
 * Every way a request can fail, in one table: HTTP reads the status, OpenAPI the title, the queue consumer
 * `retryable` ("the same input may succeed later without anybody changing anything").
 *
 * Source: RFC 9457, section 4.
 */
export const problems = {
  "malformed-json": { status: 400, title: "The body is not JSON", retryable: false },
  "not-found": { status: 404, title: "No such resource", retryable: false },
  "method-not-allowed": { status: 405, title: "No such operation here", retryable: false },
  conflict: { status: 409, title: "The state does not allow this", retryable: false },
  "already-decided": { status: 409, title: "The request takes no more answers", retryable: false },
  "idempotency-in-progress": {
    status: 409,
    title: "The first request with this key is still running",
    retryable: true,
  },
  "precondition-failed": { status: 412, title: "The resource has changed", retryable: false },
  "too-large": { status: 413, title: "The content is too large", retryable: false },
  "unsupported-media-type": { status: 415, title: "The body is not JSON", retryable: false },
  "invalid-request": { status: 422, title: "The request is not valid", retryable: false },
  "idempotency-mismatch": {
    status: 422,
    title: "The key was used for another request",
    retryable: false,
  },
  // Only in a frame of the socket. Over HTTP a 429 comes from API Gateway, in its own form.
  "too-many-requests": { status: 429, title: "Too many requests", retryable: true },
  internal: { status: 500, title: "Unexpected error", retryable: true },
  busy: { status: 503, title: "Too many changes at once", retryable: true },
  "in-doubt": { status: 503, title: "Nobody knows yet whether this was done", retryable: true },
  "dependency-down": { status: 503, title: "A dependency did not answer", retryable: true },
} as const satisfies Record<string, { status: number; title: string; retryable: boolean }>;

export type ProblemCode = keyof typeof problems;

/** The one error class of domain, services and adapters. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: ProblemCode;
  /** Extra members of the problem document. Shown to the caller: put no secret here. */
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(
    code: ProblemCode,
    detail: string,
    options: ErrorOptions & { extensions?: Record<string, unknown> } = {},
  ) {
    super(detail, options);
    this.code = code;
    this.extensions = options.extensions ?? {};
  }
}

/** Any thrown value as a Problem. An unknown value becomes `internal`, its text kept as the cause only. */
export const toProblem = (thrown: unknown): Problem =>
  thrown instanceof Problem
    ? thrown
    : new Problem("internal", "The request could not be completed.", { cause: thrown });

/** A 422 that points at one field. */
export const invalid = (pointer: string, detail: string) =>
  new Problem("invalid-request", detail, { extensions: { errors: [{ pointer, detail }] } });
