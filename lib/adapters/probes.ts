import {
  type ApiGatewayManagementApiClient,
  GetConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { oldestDue } from "./dynamodb/due.ts";
import { keys } from "./dynamodb/keys.ts";
import type { Table } from "./dynamodb/table.ts";
import type { Queue } from "./sqs/queues.ts";
import { isGone } from "./websocket/sockets.ts";

/**
 * Checks that the table answers, by reading a key that does not exist.
 *
 * @throws the SDK's error, or the signal's reason, when it does not answer
 */
export const probeTable = async (table: Table, abortSignal: AbortSignal): Promise<void> => {
  await table.client.send(
    new GetCommand({ TableName: table.name, Key: keys.migration("health") }),
    { abortSignal },
  );
};

const messageCounts = async (queue: Queue, abortSignal: AbortSignal) => {
  const { Attributes = {} } = await queue.client.send(
    new GetQueueAttributesCommand({
      QueueUrl: queue.url,
      AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
    }),
    { abortSignal },
  );
  return {
    waiting: Number(Attributes.ApproximateNumberOfMessages ?? 0),
    in_flight: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
  };
};

/**
 * Counts the messages of a queue that wait and that are in flight, and the messages of its dead-letter queue.
 *
 * @throws the SDK's error, or the signal's reason, when a queue does not answer
 */
export const probeQueue = async (queue: Queue, deadLetters: Queue, signal: AbortSignal) => {
  const [main, dead] = await Promise.all([
    messageCounts(queue, signal),
    messageCounts(deadLetters, signal),
  ]);
  return { depth: main.waiting, in_flight: main.in_flight, dead_letters: dead.waiting };
};

/**
 * Computes the seconds since the oldest due record became due; 0 when nothing is due. It stands for the age of the oldest
 * message, which SQS does not tell.
 */
export const oldestAgeSeconds = async (table: Table, now: Date): Promise<number> => {
  const due = await oldestDue(table);
  return due ? Math.max(0, Math.round((now.getTime() - Date.parse(due)) / 1_000)) : 0;
};

/**
 * Checks that the WebSocket API answers, by asking for a connection that cannot exist.
 *
 * @throws the SDK's error when there is no answer, or an answer with status 500 or above
 */
export const probeSockets = async (
  client: ApiGatewayManagementApiClient,
  abortSignal: AbortSignal,
): Promise<void> => {
  try {
    await client.send(new GetConnectionCommand({ ConnectionId: "health=" }), { abortSignal });
  } catch (error) {
    const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
    const status = $metadata?.httpStatusCode ?? 500;
    if (!isGone(error) && status >= 500) throw error;
  }
};
