import { createHash } from "node:crypto";
import { requestError } from "./aws-error.ts";

const REMEMBERED_MS = 10 * 60_000;

const sortKeys = (_key: string, value: unknown): unknown =>
  value && typeof value === "object" && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

const requestHash = (request: unknown) =>
  createHash("sha256").update(JSON.stringify(request, sortKeys)).digest("hex");

/**
 * Remembers the client request tokens of committed transactions for ten minutes, as DynamoDB does.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
export const rememberTokens = () => {
  const tokens = new Map<string, { hash: string; until: number }>();

  /** @throws IdempotentParameterMismatchException when the token belongs to another request */
  const isDone = (token: string | undefined, request: unknown) => {
    const now = Date.now();
    for (const [old, { until }] of tokens) if (until < now) tokens.delete(old);
    const known = token === undefined ? undefined : tokens.get(token);
    if (known && known.hash !== requestHash(request))
      throw requestError(
        "IdempotentParameterMismatchException",
        "The requests with the same client request token but different parameters",
      );
    return known !== undefined;
  };

  const remember = (token: string | undefined, request: unknown) => {
    if (token === undefined) return;
    tokens.set(token, { hash: requestHash(request), until: Date.now() + REMEMBERED_MS });
  };

  return { isDone, remember };
};

export type Tokens = ReturnType<typeof rememberTokens>;
