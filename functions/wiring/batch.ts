import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import { ChangeMessageVisibilityCommand } from "@aws-sdk/client-sqs";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type { Outside } from "./platform.ts";

type Given = Pick<Outside, "logger" | "count" | "clients">;

/** Seconds until a failed message is delivered again: 5, 10, 20 … 300. The queue's own visibility timeout is far longer. */
const retrySeconds = ({ attributes }: SQSRecord): number =>
  Math.min(300, 5 * 2 ** (Number(attributes.ApproximateReceiveCount) - 1));

const bringBack = async ({ clients, logger }: Given, record: SQSRecord, QueueUrl: string) => {
  const ReceiptHandle = record.receiptHandle;
  const VisibilityTimeout = retrySeconds(record);
  await clients.sqs
    .send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }))
    .catch((error: unknown) => logger.warn("stays hidden", { error: error as Error }));
};

/**
 * Makes the Lambda handler of a queue. It handles each message of a batch on its own and answers with the ids of those that
 * failed: only these are delivered again. It never rejects, not even when all fail.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export const openBatch = (
  given: Given,
  queueUrl: string,
  handleMessage: (message: unknown) => Promise<unknown>,
) => {
  const { logger, count } = given;
  const handleRecord = async (record: SQSRecord) => {
    try {
      return await handleMessage(JSON.parse(record.body));
    } catch (error) {
      count("message_failed");
      const { messageId: message_id, attributes } = record;
      const receives = attributes.ApproximateReceiveCount;
      logger.error("message failed", { message_id, receives, error: error as Error });
      await bringBack(given, record, queueUrl);
      throw error;
    }
  };
  return (event: SQSEvent): Promise<SQSBatchResponse> => {
    const processor = new BatchProcessor(EventType.SQS);
    return processPartialResponse(event, handleRecord, processor, {
      throwOnFullBatchFailure: false,
    });
  };
};
