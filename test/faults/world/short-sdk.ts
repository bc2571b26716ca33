import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
} from "@aws-sdk/client-dynamodb";
import type { Clients } from "../../../functions/wiring/clients.ts";
import type { Reply } from "./calls.ts";
import { plain } from "./dynamodb/plain.ts";
import type { AttributeMap } from "./dynamodb/wire.ts";
import { retryMs, type Socket } from "./sdk.ts";

type Json = Record<string, unknown>;
type Command = { constructor: { name: string }; input: Json };
/** A call as it goes over the wire, and how its answer is read. */
type Wire = { target?: string; path: string; body: string; read: (answer: Json) => unknown };

const types: Record<string, (value: unknown) => Record<string, unknown>> = {
  string: (value) => ({ S: value }),
  number: (value) => ({ N: String(value) }),
  boolean: (value) => ({ BOOL: value }),
};

/** @throws for what no record here has: numbers in a set, lists, maps */
const typed = (value: unknown): Record<string, unknown> => {
  const simple = types[typeof value];
  if (simple) return simple(value);
  if (value === null) return { NULL: true };
  if (value instanceof Uint8Array) return { B: Buffer.from(value).toString("base64") };
  if (value instanceof Set) return { SS: [...value] };
  throw new Error(`There is no short way for a ${typeof value}`);
};

const asItem = (item: Json): AttributeMap =>
  Object.fromEntries(
    Object.entries(item).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, typed(value)]],
    ),
  );

const itemNames = new Set(["Item", "Key", "ExpressionAttributeValues", "ExclusiveStartKey"]);
const answered = ["Item", "Attributes", "LastEvaluatedKey"] as const;

/** A request with its items as DynamoDB has them, however deep they lie. */
const marshalled = (value: unknown, name = ""): unknown => {
  if (value === null || typeof value !== "object") return value;
  if (itemNames.has(name)) return asItem(value as Json);
  if (Array.isArray(value))
    return value.map((one) => marshalled(one, name === "Keys" ? "Key" : ""));
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, marshalled(part, key)]),
  );
};

type Answer = Json & { Items?: AttributeMap[]; Responses?: Record<string, AttributeMap[]> };

/** Keys that a batch left over go back as they came: the caller sends them again. */
const unmarshalled = (answer: Answer): Json => {
  const { Items, Responses, UnprocessedKeys } = answer;
  const read: Json = { ...answer };
  for (const name of answered) if (answer[name]) read[name] = plain(answer[name] as AttributeMap);
  if (Items) read.Items = Items.map(plain);
  if (Responses) {
    const tables = Object.entries(Responses);
    read.Responses = Object.fromEntries(tables.map(([name, items]) => [name, items.map(plain)]));
  }
  if (UnprocessedKeys) {
    const tables = Object.entries(UnprocessedKeys as Record<string, { Keys: AttributeMap[] }>);
    read.UnprocessedKeys = Object.fromEntries(
      tables.map(([name, { Keys, ...more }]) => [name, { ...more, Keys: Keys.map(plain) }]),
    );
  }
  return read;
};

const operations: Record<string, string> = {
  GetCommand: "GetItem",
  BatchGetCommand: "BatchGetItem",
  QueryCommand: "Query",
  PutCommand: "PutItem",
  UpdateCommand: "UpdateItem",
  DeleteCommand: "DeleteItem",
  TransactWriteCommand: "TransactWriteItems",
};

const onTable = ({ constructor: { name }, input }: Command): Wire => {
  const operation = operations[name];
  if (!operation) throw new Error(`There is no short way for ${name}`);
  const body = JSON.stringify(marshalled(input));
  return { target: `DynamoDB_20120810.${operation}`, path: "/", body, read: unmarshalled };
};

const onQueue = ({ constructor: { name }, input }: Command): Wire => ({
  target: `AmazonSQS.${name.replace(/Command$/, "")}`,
  path: "/",
  body: JSON.stringify(input),
  read: (answer) => answer,
});

const onSocket = ({ input: { ConnectionId, Data } }: Command): Wire => ({
  path: `/@connections/${encodeURIComponent(String(ConnectionId))}`,
  body: String(Data),
  read: () => ({}),
});

const throttles = new Set([
  "ProvisionedThroughputExceededException",
  "RequestThrottled",
  "LimitExceededException",
]);

type Failure = Error & { code?: string; $metadata?: object };

const waitBefore = ({ name, code }: Failure): number | undefined => {
  if (throttles.has(name)) return retryMs.THROTTLING;
  return code === "ECONNRESET" || name === "TimeoutError" ? retryMs.TRANSIENT : undefined;
};

/** What the SDK throws for a refusal. */
const failureOf = ({ status, headers, body }: Reply): Failure => {
  const name = headers["x-amzn-errortype"] ?? "Unknown";
  const { message = name, ...fields } = JSON.parse(body || "{}") as { message?: string };
  const given = { ...fields, message, $metadata: { httpStatusCode: status } };
  if (name === "ConditionalCheckFailedException") return new ConditionalCheckFailedException(given);
  if (name === "TransactionCanceledException") return new TransactionCanceledException(given);
  return Object.assign(new Error(message), { name, $metadata: given.$metadata });
};

let sent = 0;

/** Tries as the SDK does: as often, and with the same waits. */
const retried = async <T>(
  { sleep }: Socket,
  mostTries: number,
  tryOnce: (attempt: number) => Promise<T>,
): Promise<T> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await tryOnce(attempt);
    } catch (error) {
      const waitMs = waitBefore(error as Failure);
      if (waitMs === undefined || attempt >= mostTries) throw error;
      await sleep(waitMs * 2 ** (attempt - 1));
    }
  }
};

/** Sends with the headers that the SDK gives a request, as far as the network here reads them. */
const sendBy =
  (socket: Socket, wireOf: (command: Command) => Wire, mostTries: number) =>
  async (command: Command): Promise<unknown> => {
    const { target, path, body, read } = wireOf(command);
    sent += 1;
    const headers = {
      "amz-sdk-invocation-id": `short-${sent}`,
      ...(target !== undefined && { "x-amz-target": target }),
    };
    return retried(socket, mostTries, async (attempt) => {
      const numbered = { ...headers, "amz-sdk-request": `attempt=${attempt}; max=${mostTries}` };
      const reply = await socket.send({ method: "POST", path, headers: numbered, body });
      if (reply.status >= 300) throw failureOf(reply);
      return read(JSON.parse(reply.body || "{}") as Json);
    });
  };

/**
 * The three clients without the SDK's own code, which is the most part of what a simulated world costs: `npm test` takes this
 * short way, CI and the night the SDK itself. determinism.test.ts holds that both make the same calls.
 */
export const plugInShort = (socket: Socket): { clients: Clients; release: () => void } => {
  const clients = {
    dynamodb: { send: sendBy(socket, onTable, 3) },
    sqs: { send: sendBy(socket, onQueue, 3) },
    sockets: { clientFor: () => ({ send: sendBy(socket, onSocket, 2) }) },
  };
  return { clients: clients as unknown as Clients, release: () => undefined };
};
