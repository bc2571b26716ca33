const networkNames = new Set(["TimeoutError", "AbortError", "ECONNREFUSED", "ECONNRESET", "EPIPE"]);
const busyNames = new Set([
  "ThrottlingException",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "RequestThrottled",
  "LimitExceededException",
  "TooManyRequestsException",
  "TransactionInProgressException",
  "TransactionConflictException",
  "InternalServerError",
  "ServiceUnavailable",
]);

/**
 * Tells whether a write failed because a transaction was writing the same item. Nothing was written then. The emulators never
 * fail so.
 */
export const isInTransaction = (error: unknown): boolean =>
  error instanceof Error && error.name === "TransactionConflictException";

/**
 * Tells whether the same AWS call may succeed later: there was no answer, a fault of the server, or too many calls at once.
 */
export const isTransient = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  const { code, $metadata } = error as Error & {
    code?: string;
    $metadata?: { httpStatusCode?: number };
  };
  const status = $metadata?.httpStatusCode ?? 0;
  const name = code ?? error.name;
  return (
    networkNames.has(name) ||
    networkNames.has(error.name) ||
    busyNames.has(error.name) ||
    status >= 500 ||
    status === 429
  );
};
