import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { maxDelaySeconds } from "../../contracts/limits.ts";

/** A queue and the client that reaches it. */
export type Queue = { client: SQSClient; url: string };

/** Sends `message` as JSON; it is delivered after `delayMs`, in whole seconds, never sooner. */
export const send = async (queue: Queue, message: object, delayMs = 0): Promise<void> => {
  const DelaySeconds = Math.min(maxDelaySeconds, Math.max(0, Math.ceil(delayMs / 1_000)));
  await queue.client.send(
    new SendMessageCommand({
      QueueUrl: queue.url,
      MessageBody: JSON.stringify(message),
      ...(DelaySeconds > 0 && { DelaySeconds }),
    }),
  );
};
