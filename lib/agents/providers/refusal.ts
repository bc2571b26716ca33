/** What a failed call of a model means. Passing kinds may succeed some seconds later. */
type KindOfFailure = {
  /** Whose fault it is: see FailedCall. */
  fault: "provider" | "request" | "question";
  /** Every other call will fail, too, until somebody changes the settings or pays. */
  opens: boolean;
  retryable: boolean;
  /** The kind in words for a person. */
  words: string;
};

const passing = { fault: "provider", opens: false, retryable: true } as const;
const lasting = { fault: "provider", opens: true, retryable: false } as const;
const refused = { fault: "request", opens: false, retryable: false } as const;
const unsuited = { fault: "question", opens: false, retryable: false } as const;

/** The kinds of failure of a model call, by their codes. */
export const failureKinds = {
  quota_exhausted: { ...lasting, words: "the account's credit or quota is used up" },
  key_refused: { ...lasting, words: "the key is refused" },
  forbidden: { ...refused, words: "the key may not use this model" },
  unknown_model: { ...refused, words: "the provider does not have this model" },
  bad_request: { ...refused, words: "the provider refuses the request" },
  too_long: { ...unsuited, words: "the question is longer than the model takes" },
  too_large: { ...unsuited, words: "the request is larger than the provider takes" },
  content_filter: { ...unsuited, words: "the provider will not answer this" },
  too_slow: { ...unsuited, words: "it was not done in the time that a task has" },
  rate_limited: { ...passing, words: "too many calls" },
  overloaded: { ...passing, words: "the provider is overloaded" },
  conflict: { ...passing, words: "the provider reports a conflict" },
  provider_timeout: { ...passing, words: "the provider gave up waiting" },
  provider_error: { ...passing, words: "the provider has a fault" },
  timeout: { ...passing, words: "nothing was heard" },
  unreachable: { ...passing, words: "no connection" },
  broken_answer: { ...passing, words: "the answer broke off, or could not be read" },
} as const satisfies Record<string, KindOfFailure>;

export type FailureCode = keyof typeof failureKinds;

/** What a provider said when it did not answer. */
export type Refusal = {
  /** The HTTP status; null when there was none, as for an error within a stream. */
  status: number | null;
  /** The names of the error in the body and the headers, as the provider writes them. */
  codes: readonly string[];
  message: string;
};

/** Recognises a refusal. All that a rule names must fit. */
export type RefusalRule = {
  kind: FailureCode;
  status?: readonly number[];
  /** One of these names, whatever their case and punctuation. */
  codes?: readonly string[];
  /** Fits the message or the codes. */
  says?: RegExp;
};

/** Names of errors that more than one provider, or servers compatible with it, use. They count before the HTTP status. */
const commonRules: readonly RefusalRule[] = [
  {
    kind: "quota_exhausted",
    codes: [
      "insufficient_quota",
      "billing_hard_limit_reached",
      "billing_not_active",
      "billing_error",
      "insufficient_balance",
      "insufficient_credits",
      "insufficient_funds",
      "credit_balance_too_low",
      "payment_required",
      "exceeded_current_quota_error",
      "arrearage",
    ],
  },
  {
    kind: "quota_exhausted",
    status: [400, 402, 403, 429],
    says: /credit balance is too low|insufficient (?:account )?(?:balance|credits?|funds|quota)|(?:out of|not enough|run out of) credits?\b|(?:billing|spend(?:ing)?) (?:hard )?limit|payment[ _]instrument|(?:tokens|requests) per day|daily (?:limit|quota)/i,
  },
  { kind: "quota_exhausted", status: [402, 403], codes: ["quota_exceeded"] },
  {
    kind: "too_long",
    codes: [
      "context_length_exceeded",
      "context_window_exceeded",
      "exceed_context_size_error",
      "string_above_max_length",
      "prompt_too_long",
      "input_too_long",
    ],
  },
  {
    kind: "content_filter",
    codes: [
      "content_filter",
      "content_policy_violation",
      "responsible_ai_policy_violation",
      "data_inspection_failed",
      "moderation_blocked",
      "invalid_prompt",
    ],
  },
  // Groq refuses what its model has written. https://console.groq.com/docs/errors
  { kind: "broken_answer", codes: ["json_validate_failed", "tool_use_failed"] },
  { kind: "unknown_model", codes: ["model_not_found", "invalid_model", "model_not_available"] },
  {
    kind: "key_refused",
    codes: ["invalid_api_key", "invalid_authentication", "account_deactivated", "invalid_token"],
  },
  {
    kind: "key_refused",
    status: [403],
    says: /\b(?:api[ _-]?key|(?:access|security|bearer) token|credentials?|signature)\b.{0,60}\b(?:valid|invalid|expired|revoked|incorrect|disabled|leaked|missing)\b|\b(?:invalid|expired|revoked|incorrect|missing) (?:api[ _-]?key|access token|security token|credentials?)|authentication failed/i,
  },
  {
    kind: "too_long",
    status: [400, 413, 422],
    says: /maximum context length|context (?:length|window|size)|(?:prompt|input) is too long|too many input tokens|input token count|reduce the length|tokens? .{0,60}must be <=/i,
  },
  {
    kind: "content_filter",
    status: [400, 403],
    says: /content (?:management )?policy|\bflagged\b/i,
  },
  {
    kind: "unknown_model",
    status: [400, 403, 422],
    says: /\bmodel\b.{0,100}(?:does not exist|not found|not exist|decommissioned|deprecated)|(?:no such|unknown|invalid) model\b/i,
  },
];

/** Names of errors that pass. They count only where the HTTP status says nothing, as within a stream. */
const passingRules: readonly RefusalRule[] = [
  {
    kind: "rate_limited",
    codes: ["rate_limit_exceeded", "rate_limit_error", "too_many_requests", "resource_exhausted"],
  },
  {
    kind: "overloaded",
    codes: ["overloaded_error", "engine_overloaded", "server_overloaded", "slow_down"],
  },
  { kind: "provider_timeout", codes: ["timeout_error", "deadline_exceeded"] },
  { kind: "key_refused", codes: ["authentication_error", "unauthenticated"] },
  { kind: "forbidden", codes: ["permission_error", "permission_denied"] },
  { kind: "unknown_model", codes: ["not_found_error", "not_found"] },
  { kind: "too_large", codes: ["request_too_large"] },
  { kind: "bad_request", codes: ["invalid_request_error", "invalid_argument"] },
  { kind: "provider_error", codes: ["api_error", "server_error", "internal_error", "internal"] },
];

/**
 * The kinds by HTTP status.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#status.codes
 * @see https://console.groq.com/docs/errors 498
 */
const kindsByStatus: Readonly<Record<number, FailureCode>> = {
  401: "key_refused",
  402: "quota_exhausted",
  403: "forbidden",
  404: "unknown_model",
  408: "provider_timeout",
  409: "conflict",
  410: "unknown_model",
  413: "too_large",
  424: "provider_error",
  425: "provider_error",
  429: "rate_limited",
  498: "overloaded",
  499: "provider_error",
  501: "bad_request",
  529: "overloaded",
};

const kindByStatus = (status: number): FailureCode =>
  kindsByStatus[status] ?? (status >= 500 ? "provider_error" : "bad_request");

const squash = (code: string): string => code.toLowerCase().replaceAll(/[^a-z0-9]/g, "");

const hasCode = (codes: readonly string[], wanted: readonly string[]): boolean => {
  const known = codes.map(squash);
  return wanted.some((code) => known.includes(squash(code)));
};

/** Characters of a message in which a rule looks: what follows may repeat the prompt. */
const maxReadCharacters = 400;

const fits = ({ status, codes, says }: RefusalRule, refusal: Refusal): boolean =>
  (!status || (refusal.status !== null && status.includes(refusal.status))) &&
  (!codes || hasCode(refusal.codes, codes)) &&
  (!says ||
    [refusal.message.slice(0, maxReadCharacters), ...refusal.codes].some((text) =>
      says.test(text),
    ));

/** Whether the HTTP status says nothing about the kind: the SDK writes 500 where an error in a stream has none. */
const isVague = (status: number | null) => status === null || status < 300 || status === 500;

/**
 * Gives the kind of a refusal: by the rules of its wire, then by names that all use, then by the HTTP status.
 *
 * @returns null when neither its names nor its status say anything
 */
export const kindOf = (refusal: Refusal, ownRules: readonly RefusalRule[]): FailureCode | null => {
  const { status } = refusal;
  const rules = [...ownRules, ...commonRules, ...(isVague(status) ? passingRules : [])];
  const rule = rules.find((each) => fits(each, refusal));
  if (rule) return rule.kind;
  return status === null || status < 300 ? null : kindByStatus(status);
};
