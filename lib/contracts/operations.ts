/** A message that failed too often, in the dead-letter queue. */
export type DeadLetter = {
  message_id: string;
  receiptHandle: string;
  body: string;
  sent_at: string;
};

/** How far a migration has come. It is stored in the table that it rewrites. */
export type MigrationProgress = {
  state: "running" | "done";
  /** The key after which the next page starts; null at the beginning and at the end. */
  next: { pk: string; sk: string } | null;
  scanned: number;
  rewritten: number;
  started_at: string;
  updated_at: string;
};
