import { DescribeTableCommand, DescribeTimeToLiveCommand } from "@aws-sdk/client-dynamodb";
import { GetQueueAttributesCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "vitest";
import { startTables } from "../../support/emulators.ts";

test("each test has the tables and queues of serverless.yml to itself", async () => {
  await using one = await startTables();
  await using other = await startTables();
  const Item = { pk: "a", sk: "b", text: "here" };

  await one.documentClient.send(new PutCommand({ TableName: one.tableName, Item }));

  const read = (TableName: string) =>
    one.documentClient.send(new GetCommand({ TableName, Key: { pk: "a", sk: "b" } }));
  expect(await read(one.tableName)).toMatchObject({ Item });
  expect(await read(other.tableName)).not.toHaveProperty("Item");
});

test("a table has its indexes and its time to live", async () => {
  await using stack = await startTables();
  const TableName = stack.tableName;

  expect(await stack.dynamodb.send(new DescribeTableCommand({ TableName }))).toMatchObject({
    Table: { TableStatus: "ACTIVE", GlobalSecondaryIndexes: expect.any(Array) },
  });
  expect(await stack.dynamodb.send(new DescribeTimeToLiveCommand({ TableName }))).toMatchObject({
    TimeToLiveDescription: { TimeToLiveStatus: "ENABLED", AttributeName: "ttl" },
  });
});

test("the task queue hands what fails over to its dead-letter queue", async () => {
  await using stack = await startTables();
  const attribute = async (QueueUrl: string, name: "RedrivePolicy" | "QueueArn") => {
    const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [name] });
    return (await stack.sqs.send(command)).Attributes?.[name] ?? "";
  };

  await stack.sqs.send(new SendMessageCommand({ QueueUrl: stack.taskQueueUrl, MessageBody: "hi" }));

  expect(JSON.parse(await attribute(stack.taskQueueUrl, "RedrivePolicy"))).toMatchObject({
    deadLetterTargetArn: await attribute(stack.taskDlqUrl, "QueueArn"),
  });
});
