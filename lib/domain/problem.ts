import * as z from "zod";

/** The members that a problem document may have beside those of every problem. Each row of `problems` picks its own. */
export const ProblemExtensions = z.object({
  errors: z
    .array(z.object({ pointer: z.string(), detail: z.string() }))
    .optional()
    .meta({ description: "The fields that are wrong: JSON Pointers into path, query or body." }),
  current: z.string().optional().meta({ description: "The state that does not allow it." }),
  max_bytes: z.int().optional().meta({ description: "The size that is allowed." }),
  retry_after: z.int().optional().meta({ description: "Seconds, as in Retry-After." }),
});

type Row = {
  status: number;
  title: string;
  /** True when the same input may succeed later, though nobody changes anything. */
  retryable: boolean;
  /** True when the response tells the caller to send the same request again (Retry-After). */
  callerRetries: boolean;
  /** Says whether the request may have changed something. `none` frees its idempotency key. */
  effect: "none" | "unknown";
  /** Members of the problem document that only this code has. The caller sees them: put no secret here. */
  extensions?: z.ZodObject;
};

const refusal = { retryable: false, callerRetries: false, effect: "none" } as const;
const passes = { retryable: true, callerRetries: true, effect: "none" } as const;

/**
 * Lists every way in which a request can fail. HTTP reads the status, OpenAPI the title and the extensions, the consumer of a
 * queue `retryable`, and the code that frees idempotency keys `effect`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9457#section-4
 */
export const problems = {
  "malformed-json": { status: 400, title: "The body is not JSON", ...refusal },
  unauthenticated: { status: 401, title: "Nobody is known to call", ...refusal },
  forbidden: { status: 403, title: "The caller may not do this", ...refusal },
  "not-found": { status: 404, title: "No such resource", ...refusal },
  "method-not-allowed": { status: 405, title: "No such operation here", ...refusal },
  conflict: {
    status: 409,
    title: "The state does not allow this",
    ...refusal,
    extensions: ProblemExtensions.pick({ current: true }),
  },
  "already-decided": {
    status: 409,
    title: "The request takes no more answers",
    ...refusal,
    extensions: ProblemExtensions.pick({ current: true }).required(),
  },
  "idempotency-in-progress": {
    status: 409,
    title: "The first request with this key is still running",
    ...passes,
    extensions: ProblemExtensions.pick({ retry_after: true }),
  },
  "precondition-failed": { status: 412, title: "The resource has changed", ...refusal },
  "too-large": {
    status: 413,
    title: "The content is too large",
    ...refusal,
    extensions: ProblemExtensions.pick({ max_bytes: true }).required(),
  },
  "unsupported-media-type": { status: 415, title: "The body is not JSON", ...refusal },
  "invalid-request": {
    status: 422,
    title: "The request is not valid",
    ...refusal,
    extensions: ProblemExtensions.pick({ errors: true }).required(),
  },
  "idempotency-mismatch": {
    status: 422,
    title: "The key was used for another request",
    ...refusal,
  },
  // Only in a frame of the socket. Over HTTP a 429 comes from API Gateway, in its own form.
  "too-many-requests": { status: 429, title: "Too many requests", ...passes },
  internal: {
    status: 500,
    title: "Unexpected error",
    retryable: true,
    callerRetries: false,
    effect: "unknown",
  },
  busy: { status: 503, title: "Too many changes at once", ...passes },
  "in-doubt": {
    status: 503,
    title: "Nobody knows yet whether this was done",
    retryable: true,
    callerRetries: true,
    effect: "unknown",
    extensions: ProblemExtensions.pick({ retry_after: true }).required(),
  },
  "dependency-down": { status: 503, title: "A dependency did not answer", ...passes },
} as const satisfies Record<string, Row>;

type Problems = typeof problems;
export type ProblemCode = keyof Problems;

type ExtensionsOf<Code extends ProblemCode> = Problems[Code] extends {
  extensions: infer Schema extends z.ZodType;
}
  ? z.infer<Schema>
  : Record<never, never>;

/** The options of one code: its extensions where it has some, and no others. */
type OptionsOf<Code extends ProblemCode> = keyof ExtensionsOf<Code> extends never
  ? [options?: ErrorOptions & { extensions?: never }]
  : Record<never, never> extends ExtensionsOf<Code>
    ? [options?: ErrorOptions & { extensions?: ExtensionsOf<Code> }]
    : [options: ErrorOptions & { extensions: ExtensionsOf<Code> }];

/** The arguments of a problem: a code, a detail, and the options that this code takes. */
type ProblemFields = {
  [Code in ProblemCode]: [code: Code, detail: string, ...OptionsOf<Code>];
}[ProblemCode];

/** The one error class of domain, services and adapters. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: ProblemCode;
  /** The further members of the problem document, as the code's row names them. */
  readonly extensions: Readonly<z.infer<typeof ProblemExtensions>>;

  constructor(...[code, detail, options = {}]: ProblemFields) {
    super(detail, options);
    this.code = code;
    this.extensions = options.extensions ?? {};
  }
}

/**
 * Makes a Problem of any thrown value. A value that is not a Problem becomes the cause of an `internal` one: callers do not
 * see its text.
 */
export const toProblem = (thrown: unknown): Problem =>
  thrown instanceof Problem
    ? thrown
    : new Problem("internal", "The request could not be completed.", { cause: thrown });

/** Makes the problem `invalid-request` (422) for one field, which a JSON Pointer names. */
export const invalid = (pointer: string, detail: string) =>
  new Problem("invalid-request", detail, { extensions: { errors: [{ pointer, detail }] } });
