/** The idempotency key of a request, with its sender and the digest of what it asks. */
export type IdempotencyKey = {
  tenant: string;
  user: string;
  key: string;
  /** Digest of method, path and body. The same key with another digest is a mistake of the caller. */
  payloadHash: string;
  /**
   * Distinguishes this request from others with the same key. Only the request that claimed the key can store a response.
   */
  owner: string;
};

/** The state of an earlier request with the same key; its response when it is done. */
export type StoredResponse =
  | { state: "running"; payloadHash: string; retry_after_seconds: number }
  | { state: "done"; payloadHash: string; body: unknown };
