import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { type Clients, openClients } from "../../../functions/wiring/clients.ts";
import { post } from "../../../lib/adapters/websocket/sockets.ts";
import { attemptOf, type Reply, type WireRequest } from "./calls.ts";
import { Refusal } from "./dynamodb/expressions.ts";
import { replyOf } from "./faults.ts";

/** Where a set of clients is plugged in: the process that uses them, with its network and its time. */
export type Socket = {
  /** Never settles when the process has died. */
  send: (request: WireRequest) => Promise<Reply>;
  sleep: (ms: number) => Promise<void>;
};

type Plug = { clients: Clients; socket: Socket; inFlight: number };

/** How long the first wait before another try is. */
export const retryMs = { THROTTLING: 500, TRANSIENT: 100 } as const;

type Token = {
  getRetryCount: () => number;
  getRetryCost: () => undefined;
  getRetryDelay: () => number;
};

const token = (count: number): Token => ({
  getRetryCount: () => count,
  getRetryCost: () => undefined,
  getRetryDelay: () => 0,
});

/** The SDK's standard retries, waiting in the time of the simulated world. */
const retryIn = (plug: Plug, maxAttempts: () => number) => ({
  mode: "standard",
  acquireInitialRetryToken: async () => token(0),
  refreshRetryTokenForRetry: async (before: Token, { errorType }: { errorType: string }) => {
    const count = before.getRetryCount() + 1;
    const wait = retryMs[errorType as keyof typeof retryMs];
    if (wait === undefined || count >= maxAttempts()) throw new Error("no more retries");
    await plug.socket.sleep(wait * 2 ** (count - 1));
    return token(count);
  },
  recordSuccess: () => undefined,
});

const address = "http://aws.test";

const unplugged: Socket = {
  send: () => Promise.reject(new Error("these clients belong to nobody")),
  sleep: () => Promise.reject(new Error("these clients belong to nobody")),
};

/** What the SDK adds to a request for the service's statistics, and for its way there: half of a call's time, and nothing here reads it. */
const decoration = [
  "loggerMiddleware",
  "getUserAgentMiddleware",
  "recursionDetectionMiddleware",
  "hostHeaderMiddleware",
  "httpAuthSchemeMiddleware",
  "httpSigningMiddleware",
];

const plain = <C extends { middlewareStack: { remove: (name: string) => boolean } }>(
  client: C,
): C => {
  for (const name of decoration) client.middlewareStack.remove(name);
  return client;
};

const openPlug = (): Plug => {
  const plug: Plug = { clients: undefined as never, socket: unplugged, inFlight: 0 };
  let most = 1;
  const handle = async (request: WireRequest) => {
    most = attemptOf(request).max;
    plug.inFlight += 1;
    try {
      const { status, headers, body } = await plug.socket.send(request);
      return { response: { statusCode: status, headers, body: Buffer.from(body) } };
    } finally {
      plug.inFlight -= 1;
    }
  };
  const { dynamodb, sqs, sockets } = openClients({
    region: "eu-west-1",
    endpoint: address,
    endpointProvider: () => ({ url: new URL(address) }),
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    requestHandler: { handle } as never,
    retryStrategy: retryIn(plug, () => most) as never,
  });
  plug.clients = { dynamodb: plain(dynamodb), sqs: plain(sqs), sockets };
  return plug;
};

const free: Plug[] = [];

const answerTo = (request: WireRequest): Reply => {
  const failed = request.headers["x-amz-target"]?.endsWith("GetItem");
  return failed
    ? replyOf(new Refusal("ValidationException", "no"))
    : { status: 200, headers: { "content-type": "application/x-amz-json-1.0" }, body: "{}" };
};

let warm: Promise<void> | undefined;

/** At its first call the SDK loads parts of itself from the disk, which takes real time: so that comes first. */
export const warmUp = (): Promise<void> => {
  warm ??= (async () => {
    const { clients, release } = plugIn({
      send: async (request) => answerTo(request),
      sleep: async () => {},
    });
    const { dynamodb, sqs, sockets } = clients;
    await dynamodb
      .send(new GetCommand({ TableName: "none", Key: { pk: "a", sk: "b" } }))
      .catch(() => {});
    await dynamodb.send(new PutCommand({ TableName: "none", Item: { pk: "a", sk: "b" } }));
    await sqs.send(new GetQueueAttributesCommand({ QueueUrl: `${address}/none` }));
    await post(sockets, { endpoint: address, connection_id: "none" }, "{}");
    release();
  })();
  return warm;
};

/**
 * The functions' own clients, with their settings and the SDK's own code down to the request handler. They are
 * made once and used again: most of what a client costs is its making.
 *
 * @returns `release` gives them back, unless a call of theirs will never be answered
 */
export const plugIn = (socket: Socket): { clients: Clients; release: () => void } => {
  const plug = free.pop() ?? openPlug();
  plug.socket = socket;
  return {
    clients: plug.clients,
    release: () => {
      if (plug.inFlight > 0) return;
      plug.socket = unplugged;
      free.push(plug);
    },
  };
};
