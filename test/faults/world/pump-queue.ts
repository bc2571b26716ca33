import type { SQSEvent } from "aws-lambda";
import type { Ended } from "./lambda.ts";
import type { Queue, Received } from "./sqs.ts";

const eventOf = (messages: readonly Received[]): SQSEvent => ({
  Records: messages.map(({ messageId, receiptHandle, body, receives }) => ({
    messageId,
    receiptHandle,
    body,
    attributes: {
      ApproximateReceiveCount: String(receives),
    } as SQSEvent["Records"][number]["attributes"],
    messageAttributes: {},
    md5OfBody: "",
    eventSource: "aws:sqs",
    eventSourceARN: "",
    awsRegion: "eu-west-1",
  })),
});

type BatchAnswer = { batchItemFailures: { itemIdentifier: string }[] };

/** What of a batch stays in the queue: what its function named, or all when it gave no answer. */
const failedIn = (ended: Ended, messages: readonly Received[]): ReadonlySet<string> =>
  new Set(
    "answer" in ended
      ? (ended.answer as BatchAnswer).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)
      : messages.map(({ messageId }) => messageId),
  );

const tenantIn = (body: string): string | null => {
  try {
    return (JSON.parse(body) as { tenant?: string } | null)?.tenant ?? null;
  } catch {
    return null;
  }
};

/** The tenant that a batch is about, when it is about one alone. */
const tenantOf = (messages: readonly Received[]): string | null => {
  const tenants = new Set(messages.map(({ body }) => tenantIn(body)));
  const [only = null] = tenants;
  return tenants.size === 1 ? only : null;
};

type Source = {
  batchSize: number;
  concurrency: number;
  invoke: (event: unknown, tenant: string | null) => Promise<Ended>;
};

/** Lambda's event source mapping: hands a queue's messages to a function, and deletes what it has handled. */
export const pumpQueue = (queue: Queue, { batchSize, concurrency, invoke }: Source): void => {
  let inFlight = 0;
  const handle = async (messages: readonly Received[]): Promise<void> => {
    const ended = await invoke(eventOf(messages), tenantOf(messages));
    const failed = failedIn(ended, messages);
    for (const { messageId, receiptHandle } of messages)
      if (!failed.has(messageId)) queue.delete(receiptHandle);
    inFlight -= 1;
    pump();
  };
  const pump = (): void => {
    while (inFlight < concurrency) {
      const messages = queue.receive(batchSize);
      if (messages.length === 0) return;
      inFlight += 1;
      void handle(messages);
    }
  };
  queue.onVisible(pump);
};
