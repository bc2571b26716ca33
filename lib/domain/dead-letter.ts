/** A message that a queue gave up after too many deliveries. */
export type DeadLetter = { message_id: string; receipt: string; body: string; sent_at: string };
