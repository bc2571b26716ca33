/** A request that may be sent twice: who sent it, under which key, and what it says. */
export type IdempotencyKey = {
  tenant: string;
  user: string;
  key: string;
  /** Digest of method, path and body: the same key with another one is a mistake. */
  payloadHash: string;
  /** Tells this try from any other with the same key: only the key's holder can answer under it. */
  owner: string;
};

/** What an earlier request with the same key came to. */
export type StoredResponse =
  | { state: "running"; payloadHash: string; retry_after_seconds: number }
  | { state: "done"; payloadHash: string; body: unknown };
