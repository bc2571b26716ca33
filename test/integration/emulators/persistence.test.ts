import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import {
  CreateTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { expect, test } from "vitest";
import { dynamodbClient } from "../../../localstack/emulators/clients.ts";
import { startDynamoDB } from "../../../localstack/emulators/dynamodb/start-dynamodb.ts";

const TableName = "kept";
const region = "eu-west-1";

const temporaryDirectory = async () => {
  const path = await mkdtemp(join(tmpdir(), "dynamodb-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
};

const program = (path: string) => `
  import { startDynamoDB } from ${JSON.stringify(join(import.meta.dirname, "../../../localstack/emulators/dynamodb/start-dynamodb.ts"))};
  console.log((await startDynamoDB({ path: ${JSON.stringify(path)} })).endpoint);
`;

/** DynamoDB in a process of its own, to be killed. */
const startProcess = async (path: string) => {
  const args = ["--input-type=module-typescript", "--eval", program(path)];
  const child: ChildProcess = spawn(process.execPath, args, {
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (!child.stdout) throw new Error("no output");
  const [endpoint] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  return {
    endpoint,
    kill: async () => {
      const exit = once(child, "exit");
      child.kill("SIGKILL");
      await exit;
    },
  };
};

const createTable = async (dynamodb: DynamoDBClient) => {
  await dynamodb.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: ["pk", "due"].map((AttributeName) => ({
        AttributeName,
        AttributeType: "S" as const,
      })),
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
      GlobalSecondaryIndexes: [
        {
          IndexName: "by_due",
          KeySchema: [{ AttributeName: "due", KeyType: "HASH" }],
          Projection: { ProjectionType: "KEYS_ONLY" },
        },
      ],
    }),
  );
  await dynamodb.send(
    new UpdateTimeToLiveCommand({
      TableName,
      TimeToLiveSpecification: { AttributeName: "ttl", Enabled: true },
    }),
  );
};

const put = (pk: string) => ({ Put: { TableName, Item: { pk: { S: pk }, due: { S: "now" } } } });

test("data, index and time to live outlive a killed process", async () => {
  await using directory = await temporaryDirectory();
  const first = await startProcess(directory.path);
  const before = dynamodbClient({ region, endpoint: first.endpoint });
  await createTable(before);
  await before.send(new TransactWriteItemsCommand({ TransactItems: [put("a"), put("b")] }));
  await first.kill();

  await using second = await startDynamoDB({ path: directory.path });

  const after = dynamodbClient({ region, endpoint: second.endpoint });
  const { Items = [] } = await after.send(
    new QueryCommand({
      TableName,
      IndexName: "by_due",
      KeyConditionExpression: "due = :now",
      ExpressionAttributeValues: { ":now": { S: "now" } },
    }),
  );
  expect(Items.map(({ pk }) => pk?.S).sort()).toEqual(["a", "b"]);
  expect(await after.send(new DescribeTimeToLiveCommand({ TableName }))).toMatchObject({
    TimeToLiveDescription: { TimeToLiveStatus: "ENABLED", AttributeName: "ttl" },
  });
});

test("a data directory that is in use is refused", async () => {
  await using directory = await temporaryDirectory();
  await using _first = await startDynamoDB({ path: directory.path });

  await expect(startDynamoDB({ path: directory.path })).rejects.toThrow(
    `The data directory ${directory.path} is in use by another process`,
  );
});

test("a port that is in use is refused", async () => {
  await using first = await startDynamoDB();

  await expect(startDynamoDB({ port: first.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
});
