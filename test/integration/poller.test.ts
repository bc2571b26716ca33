import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
} from "@aws-sdk/client-sqs";
import type { SQSEvent } from "aws-lambda";
import { expect, test } from "vitest";
import { sqsClient } from "../../localstack/emulators/clients.ts";
import { startSqs } from "../../localstack/emulators/sqs.ts";
import { bodiesOf, busyFunction, poll, region, startQueue } from "./poll-queue.ts";

test("the function gets Lambda's event, and what it has done is deleted", async () => {
  await using queue = await startQueue();
  const events: SQSEvent[] = [];
  await using _poller = poll(queue, async (event) => {
    events.push(event);
  });

  await queue.send("hello");

  await expect.poll(() => events.length).toBe(1);
  expect(events[0]?.Records).toEqual([
    {
      messageId: expect.any(String),
      receiptHandle: expect.any(String),
      body: "hello",
      attributes: expect.objectContaining({ ApproximateReceiveCount: "1" }),
      messageAttributes: {},
      md5OfBody: "5d41402abc4b2a76b9719d911017c592",
      eventSource: "aws:sqs",
      eventSourceARN: queue.queueArn,
      awsRegion: region,
    },
  ]);
  await expect.poll(queue.counts).toEqual({ waiting: 0, inFlight: 0 });
});

test("of a partial failure only the failed messages stay", async () => {
  await using queue = await startQueue();
  await queue.send("good", "bad", "fine");
  await using _poller = poll(queue, async ({ Records }) => ({
    batchItemFailures: Records.filter(({ body }) => body === "bad").map(({ messageId }) => ({
      itemIdentifier: messageId,
    })),
  }));

  await expect.poll(queue.counts).toEqual({ waiting: 0, inFlight: 1 });
});

test("the whole batch stays when the answer is malformed", async () => {
  await using queue = await startQueue();
  await queue.send("a", "b");
  let calls = 0;
  await using _poller = poll(queue, async () => {
    calls += 1;
    return { batchItemFailures: [{ itemIdentifier: "unknown" }] };
  });

  await expect.poll(() => calls).toBe(1);
  expect(await queue.counts()).toEqual({ waiting: 0, inFlight: 2 });
});

test("without partial responses the answer isn't looked at", async () => {
  await using queue = await startQueue();
  await queue.send("a");
  const answer = { batchItemFailures: [{ itemIdentifier: "unknown" }] };
  await using _poller = poll(queue, async () => answer, { partialResponses: false });

  await expect.poll(queue.counts).toEqual({ waiting: 0, inFlight: 0 });
});

test("the message of a failed function stays, and others go on", async () => {
  await using queue = await startQueue();
  await using poller = poll(
    queue,
    async (event) => {
      if (bodiesOf(event)[0] === "bad") throw new Error("broken");
    },
    { batchSize: 1 },
  );

  await queue.send("bad", "good", "fine");

  await expect.poll(queue.counts).toEqual({ waiting: 0, inFlight: 1 });
  expect(poller.logged).toEqual([expect.stringContaining("broken")]);
});

test("a message that always fails goes to the dead-letter queue", async () => {
  await using queue = await startQueue();
  const deadLetters = await queue.create({});
  const { QueueArn: deadLetterTargetArn } = await queue.read(deadLetters);
  const queueUrl = await queue.create({
    VisibilityTimeout: "0",
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 3 }),
  });
  const seen: string[] = [];
  await queue.sqs.send(
    new SendMessageBatchCommand({
      QueueUrl: queueUrl,
      Entries: [{ Id: "0", MessageBody: "poison" }],
    }),
  );
  await using _poller = poll(
    { ...queue, queueUrl },
    async (event) => {
      seen.push(...bodiesOf(event));
      throw new Error("poisoned");
    },
    { maximumConcurrency: 1 },
  );

  const dead = async () => {
    const command = new ReceiveMessageCommand({ QueueUrl: deadLetters });
    return (await queue.sqs.send(command)).Messages?.[0]?.Body;
  };
  await expect.poll(dead).toBe("poison");
  expect(seen).toEqual(["poison", "poison", "poison"]);
});

test("a long task holds one slot, not the queue", async () => {
  await using queue = await startQueue();
  const busy = busyFunction();
  await using _poller = poll(queue, busy.invoke, { batchSize: 1, maximumConcurrency: 3 });

  await queue.send("a", "b", "c", "d", "e");

  await expect.poll(() => busy.started.length).toBe(3);
  expect(await queue.counts()).toEqual({ waiting: 2, inFlight: 3 });
  busy.endOne();
  await expect.poll(() => busy.started.length).toBe(4);
  await expect.poll(queue.counts).toEqual({ waiting: 1, inFlight: 3 });
  busy.endAll();
  await expect.poll(() => busy.started.length).toBe(5);
  busy.endAll();
});

test("stopping ends the long poll, and no message is lost to it", async () => {
  await using queue = await startQueue();
  const first = poll(queue, async () => {});
  await queue.send("first");
  await expect.poll(queue.counts).toEqual({ waiting: 0, inFlight: 0 });

  await first[Symbol.asyncDispose]();
  await queue.send("second");

  const seen: string[] = [];
  await using _second = poll(queue, async (event) => {
    seen.push(...bodiesOf(event));
  });
  await expect.poll(() => seen).toEqual(["second"]);
});

test("an outage is told of once, and polling goes on after it", async () => {
  const before = await startSqs({ region });
  const { endpoint, port } = before;
  const QueueName = "outlives";
  const sqs = sqsClient({ region, endpoint });
  const { QueueUrl: queueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName }));
  await before[Symbol.asyncDispose]();
  const seen: string[] = [];
  await using poller = poll({ sqs, queueUrl, queueArn: QueueName }, async (event) => {
    seen.push(...bodiesOf(event));
  });
  await expect.poll(() => poller.logged.length).toBe(1);

  await using _after = await startSqs({ region, port });
  await sqs.send(new CreateQueueCommand({ QueueName }));
  await sqs.send(
    new SendMessageBatchCommand({
      QueueUrl: queueUrl,
      Entries: [{ Id: "0", MessageBody: "later" }],
    }),
  );

  await expect.poll(() => seen).toEqual(["later"]);
  expect(poller.logged).toEqual([
    expect.stringMatching(/^outlives does not answer/),
    "outlives answers again",
  ]);
});
