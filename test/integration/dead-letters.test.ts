import {
  ChangeMessageVisibilityCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import type { Context, SQSEvent } from "aws-lambda";
import { afterAll, expect, test } from "vitest";
import { serveHealth } from "../../functions/bindings/health.ts";
import { serveTaskQueue } from "../../functions/bindings/task-queue.ts";
import { openBatch } from "../../functions/wiring/batch.ts";
import { openHttp } from "../../functions/wiring/http.ts";
import * as adapter from "../../lib/adapters/sqs/dead-letters.ts";
import { TaskMessage } from "../../lib/contracts/queue-messages.ts";
import {
  type RedriveDeps,
  redrive,
  showDeadLetters,
} from "../../lib/services/operations/redrive.ts";
import { asSqsEvent } from "../../localstack/gateway/sqs-event.ts";
import { startBackend } from "../support/backend.ts";
import { useCasesOf } from "../support/use-cases.ts";
import { anEvent } from "../unit/http/event.ts";

const backend = await startBackend();
const on = useCasesOf(backend);
afterAll(() => backend[Symbol.asyncDispose]());

const { sqs, taskQueueUrl: QueueUrl, taskDlqUrl } = backend.tables;
const counted: string[] = [];
const platform = { ...backend.platform, count: (name: string) => void counted.push(name) };
const worker = openBatch(platform, {
  queueUrl: QueueUrl,
  schema: TaskMessage,
  handle: serveTaskQueue(platform),
});

/** Hands out what is there once, as the event source does; what failed shows again at once, not after its pause. */
const deliver = async (): Promise<number> => {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ["All"],
    }),
  );
  const event: SQSEvent = asSqsEvent(Messages, { queueArn: "tasks", region: "eu-west-1" });
  const { batchItemFailures } = await worker(event, { awsRequestId: "r" } as Context);
  for (const { ReceiptHandle, MessageId } of Messages) {
    const failed = batchItemFailures.some(({ itemIdentifier }) => itemIdentifier === MessageId);
    if (failed)
      await sqs.send(
        new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }),
      );
  }
  return Messages.length;
};

const taskQueueHealth = async () => {
  const handler = openHttp(platform, serveHealth(platform)) as unknown as (
    event: object,
    context: Context,
  ) => Promise<{ body: string }>;
  const event = anEvent({ routeKey: "GET /health/detailed", path: {} });
  const { body } = await handler(event, { awsRequestId: "r" } as Context);
  return JSON.parse(body).components.task_queue;
};

const seen: string[] = [];
const deps: RedriveDeps = {
  take: () => adapter.takeDeadLetters({ client: sqs, url: taskDlqUrl }),
  sendAgain: (letter) => adapter.sendAgain({ client: sqs, url: QueueUrl }, letter),
  drop: (letter) => adapter.dropDeadLetter({ client: sqs, url: taskDlqUrl }, letter),
  leave: (letter) => adapter.leaveDeadLetter({ client: sqs, url: taskDlqUrl }, letter),
  onLetter: ({ body }) => void seen.push(body),
};

test("what can never be handled is given up after five deliveries, seen, and put back on demand", async () => {
  for (const MessageBody of ["not JSON", '{"tenant":7}'])
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  const { id } = await on.project();
  const task = await on.task(id, "Write a haiku.");
  let deliveries = 0;
  for (let count = await deliver(); count > 0; count = await deliver()) deliveries += count;
  expect(deliveries).toBeGreaterThanOrEqual(11);
  expect(counted.filter((name) => name === "message_failed")).toHaveLength(10);
  expect(await on.taskOf(id, task.task_id)).toMatchObject({ status: "completed" });
  expect(await taskQueueHealth()).toMatchObject({ status: "degraded", dead_letters: 2 });

  expect(await showDeadLetters(deps, 10)).toBe(2);
  expect(seen.toSorted()).toEqual(["not JSON", '{"tenant":7}']);
  expect(await taskQueueHealth()).toMatchObject({ dead_letters: 2, depth: 0 });

  expect(await redrive(deps, 1)).toBe(1);
  expect(await taskQueueHealth()).toMatchObject({ dead_letters: 1, depth: 1 });
  expect(await redrive(deps, 10)).toBe(1);
  expect(await taskQueueHealth()).toMatchObject({ dead_letters: 0, depth: 2 });
  expect(await redrive(deps, 10)).toBe(0);
});
