import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import { ChangeMessageVisibilityCommand } from "@aws-sdk/client-sqs";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type { Outside } from "./platform.ts";

type Given = Pick<Outside, "logger" | "count" | "clients">;

/** A message that failed comes back after 5, 10, 20 … s, not when the queue's long visibility ends. */
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
 * A handler for the messages of a queue that answers which of a batch have failed, so that only those come
 * back. A batch that fails as a whole is answered the same way, never thrown.
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
