import { DescribeTimeToLiveCommand, UpdateTimeToLiveCommand } from "@aws-sdk/client-dynamodb";
import { GetQueueAttributesCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect, inject, test } from "vitest";
import type { Resources } from "../../../localstack/emulators/cloudformation.ts";
import { provision } from "../../../localstack/emulators/provision.ts";
import { startTables } from "../../support/emulators.ts";

const place = () => ({ region: "eu-west-1", sqsEndpoint: inject("sqsEndpoint") });

const template = (name: string, visibilitySeconds: number): Resources => ({
  Role: { Type: "AWS::IAM::Role", Properties: { AssumeRolePolicyDocument: { "Fn::If": [] } } },
  Queue: {
    Type: "AWS::SQS::Queue",
    Properties: {
      QueueName: name,
      VisibilityTimeout: visibilitySeconds,
      RedrivePolicy: {
        deadLetterTargetArn: { "Fn::GetAtt": ["DeadLetters", "Arn"] },
        maxReceiveCount: 2,
      },
    },
  },
  DeadLetters: { Type: "AWS::SQS::Queue", Properties: { QueueName: `${name}-dlq` } },
  Table: {
    Type: "AWS::DynamoDB::Table",
    Properties: {
      TableName: name,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
      TimeToLiveSpecification: { AttributeName: "ttl", Enabled: true },
    },
  },
});

test("what is there stays with its data, and a queue takes its new settings", async () => {
  await using stack = await startTables();
  const { dynamodb, documentClient, sqs } = stack;
  const TableName = `t-${crypto.randomUUID()}`;
  const Item = { pk: "a" };
  const resolve = await provision(template(TableName, 30), { dynamodb, sqs, ...place() });
  const QueueUrl = String(resolve({ Ref: "Queue" }));
  await documentClient.send(new PutCommand({ TableName, Item }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "kept" }));

  await provision(template(TableName, 60), { dynamodb, sqs, ...place() });

  expect(await documentClient.send(new GetCommand({ TableName, Key: Item }))).toMatchObject({
    Item,
  });
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }),
  );
  expect(Attributes).toMatchObject({ VisibilityTimeout: "60", ApproximateNumberOfMessages: "1" });
});

test("time to live can be switched off and on, and not twice", async () => {
  await using stack = await startTables();
  const { dynamodb, tableName: TableName } = stack;
  const set = (Enabled: boolean) =>
    dynamodb.send(
      new UpdateTimeToLiveCommand({
        TableName,
        TimeToLiveSpecification: { AttributeName: "ttl", Enabled },
      }),
    );
  const status = async () =>
    (await dynamodb.send(new DescribeTimeToLiveCommand({ TableName }))).TimeToLiveDescription
      ?.TimeToLiveStatus;

  await expect(set(true)).rejects.toMatchObject({ message: "TimeToLive is already enabled" });
  await set(false);
  expect(await status()).toBe("DISABLED");
  await set(true);
  expect(await status()).toBe("ENABLED");
});
