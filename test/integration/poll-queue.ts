import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageBatchCommand,
} from "@aws-sdk/client-sqs";
import type { SQSEvent } from "aws-lambda";
import { inject } from "vitest";
import { sqsClient } from "../../localstack/emulators/clients.ts";
import { type EventSource, startPoller } from "../../localstack/gateway/poller.ts";

export const region = "eu-west-1";

export const startQueue = async (attributes: Record<string, string> = {}) => {
  const sqs = sqsClient({ region, endpoint: inject("sqsEndpoint") });
  const create = async (Attributes: Record<string, string>) => {
    const command = new CreateQueueCommand({ QueueName: crypto.randomUUID(), Attributes });
    const { QueueUrl = "" } = await sqs.send(command);
    return QueueUrl;
  };
  const read = async (QueueUrl: string) => {
    const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] });
    return (await sqs.send(command)).Attributes ?? {};
  };
  const queueUrl = await create({ VisibilityTimeout: "600", ...attributes });
  const { QueueArn: queueArn = "" } = await read(queueUrl);
  return {
    sqs,
    queueUrl,
    queueArn,
    create,
    read,
    send: (...bodies: string[]) => {
      const Entries = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
      return sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    },
    counts: async () => {
      const found = await read(queueUrl);
      return {
        waiting: Number(found.ApproximateNumberOfMessages),
        inFlight: Number(found.ApproximateNumberOfMessagesNotVisible),
      };
    },
    [Symbol.asyncDispose]: async () => sqs.destroy(),
  };
};

type Queue = Awaited<ReturnType<typeof startQueue>>;

export const poll = (
  { sqs, queueUrl, queueArn }: Pick<Queue, "sqs" | "queueUrl" | "queueArn">,
  invoke: EventSource["invoke"],
  more: Partial<EventSource> = {},
) => {
  const logged: string[] = [];
  const { stop } = startPoller({
    sqs,
    queueUrl,
    queueArn,
    region,
    partialResponses: true,
    invoke,
    log: (message) => logged.push(message),
    firstPauseMs: 1,
    ...more,
  });
  return { logged, [Symbol.asyncDispose]: stop };
};

export const bodiesOf = (event: SQSEvent) => event.Records.map(({ body }) => body);

/** A function that stays busy until it is told to end. */
export const busyFunction = () => {
  const waiting: (() => void)[] = [];
  const started: string[] = [];
  return {
    started,
    endOne: () => waiting.shift()?.(),
    endAll: () => {
      for (const end of waiting.splice(0)) end();
    },
    invoke: async (event: SQSEvent) => {
      started.push(...bodiesOf(event));
      await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
};
