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

type Body = { tenant?: string; subscription?: { tenant: string } };

const tenantIn = ({ body }: Received): string => {
  const { tenant, subscription } = JSON.parse(body) as Body;
  const found = tenant ?? subscription?.tenant;
  if (found === undefined) throw new Error(`A message of no tenant: ${body}`);
  return found;
};

type Source = {
  batchSize: number;
  concurrency: number;
  invoke: (event: unknown, tenants: readonly string[]) => Promise<Ended>;
};

/** Lambda's event source mapping: hands a queue's messages to a function, and deletes what it has handled. */
export const pumpQueue = (queue: Queue, { batchSize, concurrency, invoke }: Source): void => {
  let inFlight = 0;
  const handle = async (messages: readonly Received[]): Promise<void> => {
    const ended = await invoke(eventOf(messages), messages.map(tenantIn));
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
