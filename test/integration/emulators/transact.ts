import {
  DynamoDBServiceException,
  TransactionCanceledException,
  type TransactWriteItemsCommandInput,
} from "@aws-sdk/client-dynamodb";
import {
  BatchWriteCommand,
  QueryCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from "@aws-sdk/lib-dynamodb";
import type { startTables } from "../../support/emulators.ts";

type Stack = Awaited<ReturnType<typeof startTables>>;
type TransactItem = NonNullable<TransactWriteCommandInput["TransactItems"]>[number];
type Write = (TableName: string) => TransactItem;
type Attributes = Record<string, unknown>;

/** All items of a case are in one partition; `sk` is their name. */
const key = (sk: string) => ({ pk: "p", sk });

export const put =
  (sk: string, attributes: Attributes = {}, more = {}): Write =>
  (TableName) => ({ Put: { TableName, Item: { ...key(sk), ...attributes }, ...more } });

export const update =
  (sk: string, UpdateExpression: string, values: Attributes, more = {}): Write =>
  (TableName) => ({
    Update: {
      TableName,
      Key: key(sk),
      UpdateExpression,
      ExpressionAttributeValues: values,
      ...more,
    },
  });

export const remove =
  (sk: string, more = {}): Write =>
  (TableName) => ({ Delete: { TableName, Key: key(sk), ...more } });

export const check =
  (sk: string, ConditionExpression: string, more = {}): Write =>
  (TableName) => ({
    ConditionCheck: { TableName, Key: key(sk), ConditionExpression, ...more },
  });

export const isAbsent = { ConditionExpression: "attribute_not_exists(pk)" };
export const isThere = { ConditionExpression: "attribute_exists(pk)" };
export const showOld = { ReturnValuesOnConditionCheckFailure: "ALL_OLD" };

const describeError = (error: unknown) => {
  if (!(error instanceof DynamoDBServiceException)) throw error;
  if (!(error instanceof TransactionCanceledException)) return { error: error.name };
  // wordings differ between the engines, so the messages are left out
  return {
    error: error.name,
    reasons: error.CancellationReasons?.map(({ Message: _text, ...reason }) => reason),
  };
};

export const transact = async (
  { documentClient, tableName }: Stack,
  writes: readonly Write[],
  more: Partial<TransactWriteItemsCommandInput> = {},
) => {
  const TransactItems = writes.map((write) => write(tableName));
  try {
    await documentClient.send(new TransactWriteCommand({ ...more, TransactItems }));
    return "committed";
  } catch (error) {
    return describeError(error);
  }
};

const seed = async ({ documentClient, tableName }: Stack, items: readonly Attributes[]) => {
  if (items.length === 0) return;
  const requests = items.map((item) => ({ PutRequest: { Item: { pk: "p", ...item } } }));
  await documentClient.send(new BatchWriteCommand({ RequestItems: { [tableName]: requests } }));
};

export const contents = async ({ documentClient, tableName }: Stack) => {
  const { Items = [] } = await documentClient.send(
    new QueryCommand({
      TableName: tableName,
      KeyConditionExpression: "pk = :p",
      ExpressionAttributeValues: { ":p": "p" },
      ConsistentRead: true,
    }),
  );
  return Items.map(({ pk: _partition, ...item }) => item);
};

export const indexed = async ({ documentClient, tableName }: Stack) => {
  const { Items = [] } = await documentClient.send(
    new QueryCommand({
      TableName: tableName,
      IndexName: "by_due",
      KeyConditionExpression: "due_shard = :s",
      ExpressionAttributeValues: { ":s": "shard" },
    }),
  );
  return Items.map(({ sk }) => sk);
};

export type Case = {
  name: string;
  before?: Attributes[];
  writes: Write[];
  answer: unknown;
  after: Attributes[];
};

export const none = { Code: "None" };
export const conditionFailed = { Code: "ConditionalCheckFailed" };
export const cancelled = (...reasons: object[]) => ({
  error: "TransactionCanceledException",
  reasons,
});
/** The answer to a case's writes, and the items after them. */
export const runCase = async (stack: Stack, { before = [], writes }: Case) => {
  await seed(stack, before);
  const answer = await transact(stack, writes);
  return { answer, after: await contents(stack) };
};
