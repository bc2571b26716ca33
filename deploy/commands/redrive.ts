/** `npm run redrive`: moves messages from the dead-letter queues back into their queues. */
import { parseArgs } from "node:util";
import { GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import * as adapter from "../../lib/adapters/sqs/dead-letters.ts";
import type { DeadLetter } from "../../lib/contracts/operations.ts";
import {
  type RedriveDeps,
  redrive,
  showDeadLetters,
} from "../../lib/services/operations/redrive.ts";
import { sqsClient } from "../../localstack/emulators/clients.ts";
import { ACCOUNT } from "../../localstack/emulators/cloudformation.ts";
import { readSettings } from "../../localstack/settings.ts";

const help = `Usage: npm run redrive -- [options]

  Moves messages that could not be handled from the dead-letter queues back into their queues.
  Remove the cause first: after five more failed deliveries a message is a dead letter again.

  --list              only show them
  --queue NAME        tasks or fanout (default: both)
  --max N             at most N messages of each queue (default: all)
  --stage NAME        the deployed stage to work on; without it, the local stack
  --help
`;

const queues = ["tasks", "fanout"] as const;
type QueueName = (typeof queues)[number];

const print = (text: string) => process.stdout.write(`${text}\n`);

type Place = { client: SQSClient; urlOf: (name: string) => Promise<string> };

const openPlace = (stage: string | undefined): Place => {
  const { region, sqsEndpoint, ports } = readSettings();
  if (stage && !sqsEndpoint) {
    const client = new SQSClient({ region });
    const urlOf = async (QueueName: string) =>
      (await client.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl ?? "";
    return { client, urlOf };
  }
  const endpoint = sqsEndpoint ?? `http://127.0.0.1:${ports.sqs}`;
  const client = sqsClient({ region, endpoint });
  return { client, urlOf: async (name) => `${endpoint}/${ACCOUNT}/${name}` };
};

const about = ({ message_id, sent_at, body }: DeadLetter) =>
  `  ${sent_at}  ${message_id}  ${body.length > 200 ? `${body.slice(0, 200)}…` : body}`;

const depsOf = async ({ client, urlOf }: Place, name: string): Promise<RedriveDeps> => {
  const queue = { client, url: await urlOf(name) };
  const deadLetters = { client, url: await urlOf(`${name}-dlq`) };
  return {
    take: () => adapter.takeDeadLetters(deadLetters),
    sendAgain: (letter) => adapter.sendAgain(queue, letter),
    drop: (letter) => adapter.dropDeadLetter(deadLetters, letter),
    leave: (letter) => adapter.leaveDeadLetter(deadLetters, letter),
    onLetter: (letter) => print(about(letter)),
  };
};

const readMax = (text: string | undefined): number => {
  const max = text === undefined ? Number.POSITIVE_INFINITY : Number(text);
  if (max >= 1) return max;
  throw new Error(`Not a number of 1 or more: ${text}`);
};

const readQueues = (text: string | undefined): readonly QueueName[] => {
  const wanted = queues.filter((name) => text === undefined || name === text);
  if (wanted.length > 0) return wanted;
  throw new Error(`Not a queue: ${text}. They are: ${queues.join(", ")}`);
};

const run = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      list: { type: "boolean", default: false },
      queue: { type: "string" },
      max: { type: "string" },
      stage: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    print(help);
    return;
  }
  const max = readMax(values.max);
  const place = openPlace(values.stage);
  for (const name of readQueues(values.queue)) {
    const deps = await depsOf(place, `botarmy-${values.stage ?? "dev"}-${name}`);
    const count = await (values.list ? showDeadLetters : redrive)(deps, max);
    print(`${name}: ${count} ${values.list ? "dead letters" : "put back"}`);
  }
};

await run().catch((error: unknown) => {
  const { message, code } = error as { message?: string; code?: string };
  const hint = code === "ECONNREFUSED" ? " Start the stack with npm run dev." : "";
  process.stderr.write(`${message || code || String(error)}${hint}\n`);
  process.exitCode = 1;
});
