import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, PutCommand, QueryCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "vitest";
import { startTables } from "../../support/emulators.ts";

const Key = { pk: "p", sk: "a" };
const old = { pk: { S: "p" }, sk: { S: "a" }, v: { N: "1" } };

const failing = {
  put: (TableName: string, more: object) =>
    new PutCommand({
      TableName,
      Item: Key,
      ConditionExpression: "attribute_not_exists(pk)",
      ...more,
    }),
  update: (TableName: string, more: object) =>
    new UpdateCommand({
      TableName,
      Key,
      UpdateExpression: "SET v = :new",
      ConditionExpression: "v = :other",
      ExpressionAttributeValues: { ":new": 2, ":other": 77 },
      ...more,
    }),
  delete: (TableName: string, more: object) =>
    new DeleteCommand({
      TableName,
      Key,
      ConditionExpression: "v = :other",
      ExpressionAttributeValues: { ":other": 77 },
      ...more,
    }),
};

test.each(["put", "update", "delete"] as const)(
  "a failed %s shows the old item when asked to",
  async (kind) => {
    await using stack = await startTables();
    const { documentClient, tableName } = stack;
    await documentClient.send(new PutCommand({ TableName: tableName, Item: { ...Key, v: 1 } }));
    const fail = async (more: object) => {
      const command = failing[kind](tableName, more);
      const error = await documentClient.send(command as PutCommand).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(ConditionalCheckFailedException);
      return (error as ConditionalCheckFailedException).Item;
    };

    expect(await fail({ ReturnValuesOnConditionCheckFailure: "ALL_OLD" })).toEqual(old);
    expect(await fail({})).toBeUndefined();
  },
);

test("of many increments at one time none is lost, and the index has one entry", async () => {
  await using stack = await startTables();
  const { documentClient, tableName: TableName } = stack;
  const move = (index: number) =>
    documentClient.send(
      new UpdateCommand({
        TableName,
        Key,
        UpdateExpression: "SET due_shard = :s, due = :d ADD v :one",
        ExpressionAttributeValues: { ":s": "shard", ":d": String(index), ":one": 1 },
        ReturnValues: "ALL_NEW",
      }),
    );

  const answers = await Promise.all(Array.from({ length: 40 }, (_, index) => move(index)));

  const counts = answers.map(({ Attributes }) => Number(Attributes?.v)).sort((a, b) => a - b);
  expect(counts).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
  const { Items } = await documentClient.send(
    new QueryCommand({
      TableName,
      IndexName: "by_due",
      KeyConditionExpression: "due_shard = :s",
      ExpressionAttributeValues: { ":s": "shard" },
    }),
  );
  expect(Items).toHaveLength(1);
});
