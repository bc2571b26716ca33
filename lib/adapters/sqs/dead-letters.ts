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

/** A message that is being moved is hidden for so long; when the move dies, it shows again. */
const hiddenSeconds = 60;

const toDeadLetter = ({ MessageId, ReceiptHandle, Body, Attributes }: Message): DeadLetter => ({
  message_id: MessageId ?? "",
  receiptHandle: ReceiptHandle ?? "",
  body: Body ?? "",
  sent_at: new Date(Number(Attributes?.SentTimestamp ?? 0)).toISOString(),
});

/** Some of the dead letters, hidden from others for a minute; none when there are no more. */
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

/** Puts a message into the queue it came from, as it was. */
export const sendAgain = async (queue: Queue, { body }: DeadLetter): Promise<void> => {
  await queue.client.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: body }));
};

export const dropDeadLetter = async (
  queue: Queue,
  { receiptHandle: receipt }: DeadLetter,
): Promise<void> => {
  await queue.client.send(
    new DeleteMessageCommand({ QueueUrl: queue.url, ReceiptHandle: receipt }),
  );
};

/** Leaves a message where it is, for others to see at once. */
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
