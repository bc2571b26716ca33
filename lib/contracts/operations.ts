/** A message that a queue gave up after too many deliveries. */
export type DeadLetter = {
  message_id: string;
  receiptHandle: string;
  body: string;
  sent_at: string;
};

/** How far a rewrite of the table has come, as the table itself keeps it. */
export type MigrationProgress = {
  state: "running" | "done";
  /** Where the next step starts; null at the beginning and at the end. */
  next: { pk: string; sk: string } | null;
  scanned: number;
  rewritten: number;
  started_at: string;
  updated_at: string;
};
