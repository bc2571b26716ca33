import type { Earlier, Receipt } from "../../contracts/idempotency.ts";
import { Problem, problems } from "../../domain/problem.ts";

export type OnceDeps = {
  claimKey: (receipt: Receipt) => Promise<Earlier | null>;
  releaseKey: (receipt: Receipt) => Promise<void>;
  keepAnswer: (receipt: Receipt, body: unknown) => Promise<void>;
  /** An error of a call that may pass. */
  isTransient: (error: unknown) => boolean;
};

const replay = (earlier: Earlier, receipt: Receipt) => {
  if (earlier.fingerprint !== receipt.fingerprint) {
    throw new Problem("idempotency-mismatch", "This key was used for a different request.");
  }
  if (earlier.state === "done") return earlier.body;
  throw new Problem("idempotency-in-progress", "The first request with this key is running.", {
    extensions: { retry_after: earlier.retry_after_seconds },
  });
};

/** A problem's row says it; a table that did not answer before the commit wrote nothing. */
const hadNoEffect = ({ isTransient }: OnceDeps, error: unknown) =>
  error instanceof Problem ? problems[error.code].effect === "none" : isTransient(error);

/**
 * Runs a request once per idempotency key: a repeated one gets the first answer again. `run` keeps the answer, in the
 * transaction that has the effect where there is one. The key of a request that failed without an effect is given back.
 *
 * @throws Problem `idempotency-mismatch`, `idempotency-in-progress`
 */
export const once = async <R>(
  deps: OnceDeps,
  receipt: Receipt | undefined,
  run: () => Promise<R>,
): Promise<{ body: R; replayed: boolean }> => {
  if (!receipt) return { body: await run(), replayed: false };
  const earlier = await deps.claimKey(receipt);
  if (earlier) return { body: replay(earlier, receipt) as R, replayed: true };
  try {
    return { body: await run(), replayed: false };
  } catch (error) {
    if (hadNoEffect(deps, error)) await deps.releaseKey(receipt).catch(() => undefined);
    throw error;
  }
};
