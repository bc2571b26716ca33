import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { maxDelaySeconds } from "../../contracts/limits.ts";

/**
 * A queue and the client that reaches it. Every function that takes a queue rejects with the SDK's error when SQS does not
 * do it.
 */
export type Queue = { client: SQSClient; url: string };

/**
 * Sends a message as JSON.
 *
 * @param delayMs how long it is not delivered, rounded up to seconds, at most `maxDelaySeconds`
 * @throws the SDK's error when the message was not sent, or when the answer was lost
 */
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
