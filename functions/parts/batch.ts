import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type { Outside } from "./parts.ts";

/**
 * A handler for queue messages that answers which of a batch have failed, so that only those come back.
 * A batch that fails as a whole is answered the same way, never thrown.
 */
export const openBatch = (
  { logger, count }: Pick<Outside, "logger" | "count">,
  handleMessage: (message: unknown) => Promise<unknown>,
) => {
  const handleRecord = async (record: SQSRecord) => {
    try {
      return await handleMessage(JSON.parse(record.body));
    } catch (error) {
      count("message_failed");
      logger.error("message failed", {
        message_id: record.messageId,
        receives: record.attributes.ApproximateReceiveCount,
        error: error as Error,
      });
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
