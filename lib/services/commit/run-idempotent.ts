import type { IdempotencyKey, StoredResponse } from "../../contracts/idempotency.ts";
import { Problem, problems } from "../../domain/problem.ts";

export type IdempotencyDeps = {
  claimKey: (idempotencyKey: IdempotencyKey) => Promise<StoredResponse | null>;
  releaseKey: (idempotencyKey: IdempotencyKey) => Promise<void>;
  storeResponse: (idempotencyKey: IdempotencyKey, body: unknown) => Promise<void>;
  /** Whether an error can be gone at the next try: a timeout, throttling, a lost connection. */
  isTransient: (error: unknown) => boolean;
};

const replayStored = (stored: StoredResponse, idempotencyKey: IdempotencyKey) => {
  if (stored.payloadHash !== idempotencyKey.payloadHash) {
    throw new Problem("idempotency-mismatch", "This key was used for a different request.");
  }
  if (stored.state === "done") return stored.body;
  throw new Problem("idempotency-in-progress", "The first request with this key is running.", {
    extensions: { retry_after: stored.retry_after_seconds },
  });
};

/** A problem's row says whether it had an effect. Another transient error comes from before the commit: nothing was written. */
const hadNoEffect = ({ isTransient }: IdempotencyDeps, error: unknown) =>
  error instanceof Problem ? problems[error.code].effect === "none" : isTransient(error);

/**
 * Runs a request once per idempotency key: a repeated request gets the stored response. `run` stores the response itself,
 * in the transaction of its effect where there is one. When a request fails without an effect, its key is released.
 *
 * @throws Problem `idempotency-mismatch`, `idempotency-in-progress`, and whatever `run` throws
 */
export const runIdempotent = async <R>(
  deps: IdempotencyDeps,
  idempotencyKey: IdempotencyKey | undefined,
  run: () => Promise<R>,
): Promise<{ body: R; replayed: boolean }> => {
  if (!idempotencyKey) return { body: await run(), replayed: false };
  const stored = await deps.claimKey(idempotencyKey);
  if (stored) return { body: replayStored(stored, idempotencyKey) as R, replayed: true };
  try {
    return { body: await run(), replayed: false };
  } catch (error) {
    if (hadNoEffect(deps, error)) await deps.releaseKey(idempotencyKey).catch(() => undefined);
    throw error;
  }
};
