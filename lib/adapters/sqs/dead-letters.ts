import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import { maxReceivedMessages } from "../../contracts/limits.ts";
import type { DeadLetter } from "../../contracts/operations.ts";
import type { Queue } from "./queues.ts";

/** A message that is being moved is hidden from others for this time. It shows again when the move is not finished. */
const hiddenSeconds = 60;

const toDeadLetter = ({ MessageId, ReceiptHandle, Body, Attributes }: Message): DeadLetter => ({
  message_id: MessageId ?? "",
  receiptHandle: ReceiptHandle ?? "",
  body: Body ?? "",
  sent_at: new Date(Number(Attributes?.SentTimestamp ?? 0)).toISOString(),
});

/**
 * Receives up to ten messages of a dead-letter queue, and hides them from others for a minute. Gives none when there are no
 * more.
 */
export const takeDeadLetters = async (queue: Queue): Promise<DeadLetter[]> => {
  const { Messages = [] } = await queue.client.send(
    new ReceiveMessageCommand({
      QueueUrl: queue.url,
      MaxNumberOfMessages: maxReceivedMessages,
      VisibilityTimeout: hiddenSeconds,
      MessageSystemAttributeNames: ["SentTimestamp"],
    }),
  );
  return Messages.map(toDeadLetter);
};

/** Sends a message, unchanged, to the queue that it came from. */
export const sendAgain = async (queue: Queue, { body }: DeadLetter): Promise<void> => {
  await queue.client.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: body }));
};

/** Deletes a message from the dead-letter queue. */
export const dropDeadLetter = async (
  queue: Queue,
  { receiptHandle: receipt }: DeadLetter,
): Promise<void> => {
  await queue.client.send(
    new DeleteMessageCommand({ QueueUrl: queue.url, ReceiptHandle: receipt }),
  );
};

/** Leaves a message in the dead-letter queue, and shows it to others at once. */
export const leaveDeadLetter = async (
  queue: Queue,
  { receiptHandle: receipt }: DeadLetter,
): Promise<void> => {
  await queue.client.send(
    new ChangeMessageVisibilityCommand({
      QueueUrl: queue.url,
      ReceiptHandle: receipt,
      VisibilityTimeout: 0,
    }),
  );
};
