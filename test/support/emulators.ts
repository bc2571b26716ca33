import { randomUUID } from "node:crypto";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { inject } from "vitest";
import { dynamodbClient, sqsClient } from "../../localstack/emulators/clients.ts";
import type { Resource, Resources } from "../../localstack/emulators/cloudformation.ts";
import { startDynamoDB } from "../../localstack/emulators/dynamodb/start-dynamodb.ts";
import { provision } from "../../localstack/emulators/provision.ts";
import { readServerlessYml } from "../../localstack/emulators/serverless-yml.ts";
import { startSqs } from "../../localstack/emulators/sqs.ts";
import { type Near, nearDynamoDB } from "./near-dynamodb.ts";

const region = "eu-west-1";

declare module "vitest" {
  interface ProvidedContext {
    dynamodbEndpoint: string;
    sqsEndpoint: string;
  }
}

/** Both emulators in this process, in memory, on free ports. A given DynamoDB endpoint is used instead of the own one. */
export const startEmulators = async (given: { dynamodbEndpoint?: string | undefined } = {}) => {
  const dynamodb = given.dynamodbEndpoint === undefined ? await startDynamoDB() : undefined;
  const sqs = await startSqs({ region });
  return {
    dynamodbEndpoint: given.dynamodbEndpoint ?? dynamodb?.endpoint ?? "",
    sqsEndpoint: sqs.endpoint,
    [Symbol.asyncDispose]: async () => {
      await dynamodb?.[Symbol.asyncDispose]();
      await sqs[Symbol.asyncDispose]();
    },
  };
};

const nameProperties: Record<string, string> = {
  "AWS::SQS::Queue": "QueueName",
  "AWS::DynamoDB::Table": "TableName",
};

/** serverless.yml's queues and tables under names of their own; the rest of its resources is left out. */
const renamed = (resources: Resources, prefix: string): Resources =>
  Object.fromEntries(
    Object.entries(resources).flatMap(([id, resource]): [string, Resource][] => {
      const property = nameProperties[resource.Type];
      if (property === undefined) return [];
      const Properties = { ...resource.Properties, [property]: `${prefix}-${id}` };
      return [[id, { Type: resource.Type, Properties }]];
    }),
  );

let read: Resources | undefined;

/** Read once in a test run: a hundred tests have tables of their own. */
const described = (): Resources => {
  read ??= readServerlessYml().resources.Resources;
  return read;
};

type Endpoints = {
  dynamodbEndpoint: string;
  sqsEndpoint: string;
  /** Asked instead of the endpoint. */
  requestHandler?: ReturnType<typeof nearDynamoDB>;
};

const injected = (): Endpoints => ({
  dynamodbEndpoint: inject("dynamodbEndpoint"),
  sqsEndpoint: inject("sqsEndpoint"),
});

/** DynamoDB without a wire, unless another one than the emulator is to be tested on. */
export const nearby = (near: Near): Endpoints => ({
  ...injected(),
  ...(process.env.AWS_ENDPOINT_URL_DYNAMODB ? {} : { requestHandler: nearDynamoDB(near) }),
});

/**
 * Tables and queues for one test, as serverless.yml describes them, under unique names on the emulators of the test run.
 *
 * @example
 * await using stack = await startTables();
 * await stack.documentClient.send(new PutCommand({ TableName: stack.tableName, Item }));
 * @param endpoints by default those that test/global-setup.ts has started
 */
export const startTables = async (given: Endpoints = injected()) => {
  const { dynamodbEndpoint, sqsEndpoint, requestHandler } = given;
  const dynamodb = dynamodbClient({
    region,
    endpoint: dynamodbEndpoint,
    ...(requestHandler && { requestHandler: requestHandler as never }),
  });
  const sqs = sqsClient({ region, endpoint: sqsEndpoint });
  const resources = renamed(described(), `t-${randomUUID()}`);
  const resolve = await provision(resources, { dynamodb, sqs, region, sqsEndpoint });
  const ref = (id: string) => String(resolve({ Ref: id }));
  return {
    dynamodb,
    documentClient: DynamoDBDocumentClient.from(dynamodb, {
      marshallOptions: { removeUndefinedValues: true },
    }),
    tableName: ref("Table"),
    connectionsTableName: ref("ConnectionsTable"),
    sqs,
    taskQueueUrl: ref("TaskQueue"),
    taskDlqUrl: ref("TaskDeadLetterQueue"),
    fanoutQueueUrl: ref("FanoutQueue"),
    [Symbol.asyncDispose]: async () => {
      dynamodb.destroy();
      sqs.destroy();
    },
  };
};
