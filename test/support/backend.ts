import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { ApiGatewayManagementApiClient } from "@aws-sdk/client-apigatewaymanagementapi";
import { DeleteMessageCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { serveFanoutQueue } from "../../functions/bindings/fanout-queue.ts";
import { serveSweep } from "../../functions/bindings/sweep.ts";
import { agentsOf, serveTaskQueue } from "../../functions/bindings/task-queue.ts";
import { openDependencies, type Platform } from "../../functions/wiring/platform.ts";
import { type Clock, realClock } from "../../lib/adapters/clock.ts";
import { newId } from "../../lib/adapters/ids.ts";
import { openSockets } from "../../lib/adapters/websocket/sockets.ts";
import { agentDefinitions, agentNames, workflowDefinitions } from "../../lib/catalog/load.ts";
import type { Call } from "../../lib/contracts/call.ts";
import type { Log } from "../../lib/contracts/log.ts";
import { FanoutMessage, TaskMessage } from "../../lib/contracts/queue-messages.ts";
import { loadConfig, loadModels } from "../../lib/settings/config.ts";
import { byAuthorizer, callers } from "./authenticator.ts";
import { nearby, startTables } from "./emulators.ts";
import { limits } from "./limits.ts";
import { silentLog } from "./log.ts";
import type { Near } from "./near-dynamodb.ts";

const read = async (request: IncomingMessage): Promise<string> => {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text;
};

/** API Gateway's callback side: keeps the frames of each socket, and answers 410 for the ones that are gone. */
const startGateway = async () => {
  const frames: { connection_id: string; frame: unknown }[] = [];
  const gone = new Set<string>();
  const server = createServer(async (request, response) => {
    const connection_id = decodeURIComponent(request.url?.split("/").at(-1) ?? "");
    const frame = await read(request);
    if (request.method !== "POST" || gone.has(connection_id)) return response.writeHead(410).end();
    frames.push({ connection_id, frame: JSON.parse(frame) });
    return response.writeHead(200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () => new Promise((resolve) => server.close(resolve));
  return { endpoint, frames, gone, close };
};

type Options = {
  clock?: Clock;
  env?: Record<string, string>;
  /** What is made of the agents that are defined. */
  agents?: (defined: typeof agentDefinitions) => typeof agentDefinitions;
  logger?: Log;
  dynamodb?: Near;
};

/** The backend on the emulators, without a gateway in front: use cases, queue handlers and sweeper. */
export const startBackend = async ({
  clock = realClock,
  env = {},
  agents = (defined) => defined,
  logger = silentLog,
  dynamodb = "emulator",
}: Options = {}) => {
  const tables = await startTables(nearby(dynamodb));
  const gateway = await startGateway();
  const config = loadConfig({
    TABLE_NAME: tables.tableName,
    CONNECTIONS_TABLE_NAME: tables.connectionsTableName,
    TASK_QUEUE_URL: tables.taskQueueUrl,
    TASK_DLQ_URL: tables.taskDlqUrl,
    FANOUT_QUEUE_URL: tables.fanoutQueueUrl,
    WEBSOCKET_ENDPOINT: gateway.endpoint,
    ALLOW_UNAUTHENTICATED: "true",
    RETRY_BASE_SECONDS: "0",
    ...env,
  });
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const sockets = openSockets(
    (endpoint) => new ApiGatewayManagementApiClient({ endpoint, credentials, region: "eu-west-1" }),
  );
  const platform: Platform = {
    config,
    models: loadModels(env),
    clock,
    authenticate: byAuthorizer,
    newId,
    random: Math.random,
    patienceMs: limits.waitMs,
    workflows: workflowDefinitions,
    agentNames,
    keyedMutex: (_name, work) => work(),
    logger,
    count: () => undefined,
    clients: { dynamodb: tables.documentClient, sqs: tables.sqs, sockets },
  };

  /** Handles the messages of a queue until it is empty. */
  const drain = async (QueueUrl: string, handle: (message: unknown) => Promise<unknown>) => {
    for (;;) {
      const { Messages = [] } = await tables.sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
      );
      if (Messages.length === 0) return;
      await Promise.all(
        Messages.map(async ({ Body = "", ReceiptHandle }) => {
          await handle(JSON.parse(Body));
          await tables.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        }),
      );
    }
  };
  const handleTask = serveTaskQueue(platform, agentsOf(platform, agents(agentDefinitions)));
  const runTask = async (message: unknown) => handleTask(TaskMessage.parse(message));
  const handleFanout = serveFanoutQueue(platform);
  const serveOneSweep = serveSweep(platform);
  return {
    tables,
    gateway,
    platform,
    deps: openDependencies(platform),
    runTask,
    work: () => drain(config.TASK_QUEUE_URL, runTask),
    fanOut: () =>
      drain(config.FANOUT_QUEUE_URL, async (message) => handleFanout(FanoutMessage.parse(message))),
    sweep: (awsRequestId = newId()) => serveOneSweep({}, { awsRequestId }),
    [Symbol.asyncDispose]: async () => {
      await gateway.close();
      await tables[Symbol.asyncDispose]();
    },
  };
};

/** A call by a person of the tenant `local`, if nothing else is said. */
export const aCall = (fields: Partial<Call> = {}): Call => ({
  ...callers.ann,
  correlation_id: "test",
  ...fields,
});
