import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import { ChangeMessageVisibilityCommand } from "@aws-sdk/client-sqs";
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type * as z from "zod";
import type { LogKeys } from "../../lib/contracts/log.ts";
import type { QueueMessage } from "../../lib/contracts/queue-messages.ts";
import type { Platform } from "./platform.ts";

type BatchPlatform = Pick<Platform, "logger" | "count" | "clients">;

/** A queue, the schema of its messages, and the work for one message. */
type QueueHandler<M extends QueueMessage> = {
  queueUrl: string;
  schema: z.ZodType<M>;
  handle: (message: M) => Promise<unknown>;
};

/**
 * Seconds until a failed message is delivered again: 5, 10, 20 … 300. The visibility timeout of the queue is far longer.
 */
const retrySeconds = ({ attributes }: SQSRecord): number =>
  Math.min(300, 5 * 2 ** (Number(attributes.ApproximateReceiveCount) - 1));

/** Lets the queue deliver a failed message again soon. When that call fails, the visibility timeout decides. */
const redeliverLater = async (
  { clients, logger }: BatchPlatform,
  record: SQSRecord,
  QueueUrl: string,
) => {
  const ReceiptHandle = record.receiptHandle;
  const VisibilityTimeout = retrySeconds(record);
  await clients.sqs
    .send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }))
    .catch((error: unknown) =>
      logger.warn("message could not be made visible again", { error: error as Error }),
    );
};

const keysOf = (message: QueueMessage): LogKeys => {
  const { tenant, project_id } = message.kind === "replay" ? message.subscription : message;
  const { correlation_id } = message;
  const keys = { correlation_id, tenant, project_id };
  return message.kind === "task" ? { ...keys, task_id: message.task_id } : keys;
};

/**
 * Makes the Lambda handler of a queue. It handles each message of a batch on its own and answers with the ids of those that
 * failed: only these are delivered again. It never rejects, not even when all fail. A message that cannot be read fails each
 * time, until the queue moves it to its dead letters.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export const openBatch = <M extends QueueMessage>(
  platform: BatchPlatform,
  { queueUrl, schema, handle }: QueueHandler<M>,
) => {
  const { logger, count } = platform;
  const handleRecord = async (record: SQSRecord) => {
    let failure = "message cannot be read";
    try {
      const message = schema.parse(JSON.parse(record.body));
      failure = "message failed";
      logger.appendKeys(keysOf(message));
      return await handle(message);
    } catch (error) {
      count("message_failed");
      const receives = record.attributes.ApproximateReceiveCount;
      logger.error(failure, { receives, error: error as Error });
      await redeliverLater(platform, record, queueUrl);
      throw error;
    }
  };
  return (event: SQSEvent, { awsRequestId }: Context): Promise<SQSBatchResponse> => {
    const inScope = (record: SQSRecord) => {
      const keys = { function_request_id: awsRequestId, message_id: record.messageId };
      return logger.withKeys(keys, () => handleRecord(record));
    };
    const processor = new BatchProcessor(EventType.SQS);
    return processPartialResponse(event, inScope, processor, { throwOnFullBatchFailure: false });
  };
};
