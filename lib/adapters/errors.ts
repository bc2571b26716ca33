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

/** A plain write met a transaction on the same item; nothing was written. The emulators never say so. */
export const isInTransaction = (error: unknown): boolean =>
  error instanceof Error && error.name === "TransactionConflictException";

/** An error of an AWS call that may pass: no answer, a server's fault, or too many calls at once. */
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
