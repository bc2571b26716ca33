import { setTimeout as delay } from "node:timers/promises";
import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { SQSEvent, SQSRecord } from "aws-lambda";
import { maxReceivedMessages } from "../../lib/contracts/limits.ts";
import { failedMessageIds } from "./batch-response.ts";
import { watchOutage } from "./outage.ts";
import { asSqsEvent } from "./sqs-event.ts";

/**
 * SQS waits 20 s at most.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
 */
const LONG_POLL_SECONDS = 20;
/** Time after a stop for invocations in flight to end. */
const GRACE_MS = 1_000;

export type EventSource = {
  sqs: SQSClient;
  queueUrl: string;
  queueArn: string;
  region: string;
  batchSize?: number;
  /** Invocations in flight at one time. */
  maximumConcurrency?: number;
  /** The function answers with batchItemFailures (ReportBatchItemFailures). */
  partialResponses: boolean;
  /** Rejects when the function failed or exceeded its timeout. */
  invoke: (event: SQSEvent) => Promise<unknown>;
  log: (message: string) => void;
  firstPauseMs?: number;
};

const receive = async (source: EventSource, abortSignal: AbortSignal) => {
  const command = new ReceiveMessageCommand({
    QueueUrl: source.queueUrl,
    MaxNumberOfMessages: Math.min(source.batchSize ?? maxReceivedMessages, maxReceivedMessages),
    WaitTimeSeconds: LONG_POLL_SECONDS,
    MessageSystemAttributeNames: ["All"],
    MessageAttributeNames: ["All"],
  });
  return (await source.sqs.send(command, { abortSignal })).Messages ?? [];
};

const deleteMessages = async ({ sqs, queueUrl }: EventSource, records: readonly SQSRecord[]) => {
  if (records.length === 0) return;
  const Entries = records.map(({ receiptHandle }, index) => ({
    Id: String(index),
    ReceiptHandle: receiptHandle,
  }));
  await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
};

/** Invokes the function, and deletes the messages that succeeded. It never rejects: SQS delivers the others again. */
const handle = async (source: EventSource, messages: readonly Message[]) => {
  const event = asSqsEvent(messages, source);
  try {
    const answer = await source.invoke(event);
    const ids = event.Records.map((record) => record.messageId);
    const failed = source.partialResponses ? failedMessageIds(answer, ids) : new Set<string>();
    const done = event.Records.filter((record) => !failed.has(record.messageId));
    await deleteMessages(source, done);
  } catch (error) {
    source.log(
      `${source.queueArn}: ${messages.length} message(s) stay in the queue: ${String(error)}`,
    );
  }
};

const poll = async (source: EventSource, signal: AbortSignal, inFlight: Set<Promise<void>>) => {
  const { maximumConcurrency = 10, firstPauseMs = 200, queueArn, log } = source;
  const outage = watchOutage({ name: queueArn, firstPauseMs, log });
  const stopped = new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  while (!signal.aborted) {
    if (inFlight.size >= maximumConcurrency) {
      await Promise.race([stopped, ...inFlight]);
      continue;
    }
    try {
      const messages = await receive(source, signal);
      outage.over();
      if (messages.length === 0) continue;
      const call = handle(source, messages).finally(() => inFlight.delete(call));
      inFlight.add(call);
    } catch (error) {
      if (!signal.aborted) await outage.failed(error, signal);
    }
  }
};

/**
 * Does the work of Lambda's event source mapping: polls a queue, invokes the function without waiting for earlier batches, and
 * deletes the messages that succeeded. The others are delivered again after their visibility timeout.
 *
 * @example
 * const poller = startPoller({ sqs, queueUrl, queueArn, region, partialResponses: true, invoke, log });
 * await poller.stop(); // aborts the long poll, waits a second for invocations in flight
 */
export const startPoller = (source: EventSource) => {
  const stopping = new AbortController();
  const inFlight = new Set<Promise<void>>();
  const polling = poll(source, stopping.signal, inFlight);
  return {
    stop: async () => {
      stopping.abort();
      await polling;
      const grace = new AbortController();
      const late = delay(GRACE_MS, undefined, { signal: grace.signal }).catch(() => undefined);
      await Promise.race([late, Promise.all(inFlight)]);
      grace.abort();
    },
  };
};
