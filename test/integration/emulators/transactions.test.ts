import { randomUUID } from "node:crypto";
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
import { expect, test } from "vitest";
import { startTables } from "../../../localstack/testing.ts";

type Stack = Awaited<ReturnType<typeof startTables>>;
type TransactItem = NonNullable<TransactWriteCommandInput["TransactItems"]>[number];
type Write = (TableName: string) => TransactItem;
type Attributes = Record<string, unknown>;

/** All items of a case are in one partition; `sk` is their name. */
const key = (sk: string) => ({ pk: "p", sk });

const put =
  (sk: string, attributes: Attributes = {}, more = {}): Write =>
  (TableName) => ({ Put: { TableName, Item: { ...key(sk), ...attributes }, ...more } });

const update =
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

const remove =
  (sk: string, more = {}): Write =>
  (TableName) => ({ Delete: { TableName, Key: key(sk), ...more } });

const check =
  (sk: string, ConditionExpression: string, more = {}): Write =>
  (TableName) => ({
    ConditionCheck: { TableName, Key: key(sk), ConditionExpression, ...more },
  });

const isAbsent = { ConditionExpression: "attribute_not_exists(pk)" };
const isThere = { ConditionExpression: "attribute_exists(pk)" };
const showOld = { ReturnValuesOnConditionCheckFailure: "ALL_OLD" };

const describeError = (error: unknown) => {
  if (!(error instanceof DynamoDBServiceException)) throw error;
  if (!(error instanceof TransactionCanceledException)) return { error: error.name };
  // wordings differ between the engines, so the messages are left out
  return {
    error: error.name,
    reasons: error.CancellationReasons?.map(({ Message: _text, ...reason }) => reason),
  };
};

const transact = async (
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

const contents = async ({ documentClient, tableName }: Stack) => {
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

const indexed = async ({ documentClient, tableName }: Stack) => {
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

type Case = {
  name: string;
  before?: Attributes[];
  writes: Write[];
  answer: unknown;
  after: Attributes[];
};

const none = { Code: "None" };
const conditionFailed = { Code: "ConditionalCheckFailed" };
const cancelled = (...reasons: object[]) => ({ error: "TransactionCanceledException", reasons });
/** Refused as a whole, or cancelled: AWS documents the one, DynamoDB Local does the other. */
const refused = {
  error: expect.stringMatching(/^(TransactionCanceledException|ValidationException)$/),
};

const conditions: Case[] = [
  {
    name: "put, update of a new item, delete and check commit together",
    before: [
      { sk: "old", v: 1 },
      { sk: "there", v: 1 },
    ],
    writes: [
      put("new", { v: 1 }, isAbsent),
      update("counter", "SET v = if_not_exists(v, :zero) + :one", { ":zero": 0, ":one": 1 }),
      remove("old", {
        ConditionExpression: "v = :one",
        ExpressionAttributeValues: { ":one": 1 },
      }),
      check("missing", "attribute_not_exists(pk)"),
      check("there", "attribute_exists(pk)"),
    ],
    answer: "committed",
    after: [
      { sk: "counter", v: 1 },
      { sk: "new", v: 1 },
      { sk: "there", v: 1 },
    ],
  },
  {
    name: "one failed condition keeps everything as it was",
    before: [
      { sk: "a", v: 1 },
      { sk: "b", v: 1 },
    ],
    writes: [
      put("new"),
      update("a", "SET v = v + :ten", { ":ten": 10 }),
      remove("b"),
      put("c", {}, isThere),
    ],
    answer: cancelled(none, none, none, conditionFailed),
    after: [
      { sk: "a", v: 1 },
      { sk: "b", v: 1 },
    ],
  },
  {
    name: "the reasons stand in the order of the writes, the old item only where it was asked for",
    before: [
      { sk: "a", v: 1 },
      { sk: "b", v: 2 },
    ],
    writes: [
      put("a", {}, isAbsent),
      put("c"),
      put("b", {}, { ...isAbsent, ...showOld }),
      check("missing", "attribute_exists(pk)", showOld),
    ],
    answer: cancelled(
      conditionFailed,
      none,
      { ...conditionFailed, Item: { pk: { S: "p" }, sk: { S: "b" }, v: { N: "2" } } },
      conditionFailed,
    ),
    after: [
      { sk: "a", v: 1 },
      { sk: "b", v: 2 },
    ],
  },
  {
    name: "a failed check shows the old item",
    before: [{ sk: "a", v: 1 }],
    writes: [
      check("a", "v > :five", { ExpressionAttributeValues: { ":five": 5 }, ...showOld }),
      put("b"),
    ],
    answer: cancelled(
      { ...conditionFailed, Item: { pk: { S: "p" }, sk: { S: "a" }, v: { N: "1" } } },
      none,
    ),
    after: [{ sk: "a", v: 1 }],
  },
  {
    name: "a failed update and a failed delete show the old items",
    before: [
      { sk: "a", v: 1 },
      { sk: "b", v: 2 },
    ],
    writes: [
      update(
        "a",
        "SET v = :nine",
        { ":nine": 9, ":other": 77 },
        { ConditionExpression: "v = :other", ...showOld },
      ),
      remove("b", {
        ConditionExpression: "v = :other",
        ExpressionAttributeValues: { ":other": 77 },
        ...showOld,
      }),
    ],
    answer: cancelled(
      { ...conditionFailed, Item: { pk: { S: "p" }, sk: { S: "a" }, v: { N: "1" } } },
      { ...conditionFailed, Item: { pk: { S: "p" }, sk: { S: "b" }, v: { N: "2" } } },
    ),
    after: [
      { sk: "a", v: 1 },
      { sk: "b", v: 2 },
    ],
  },
];

const malformed: Case[] = [
  {
    name: "two writes of one item are refused",
    writes: [put("a"), remove("a")],
    answer: { error: "ValidationException" },
    after: [],
  },
  {
    name: "a check and a write of one item are refused",
    writes: [check("a", "attribute_not_exists(pk)"), put("a")],
    answer: { error: "ValidationException" },
    after: [],
  },
  {
    name: "an operand that is missing stops all",
    before: [{ sk: "a", v: 1 }],
    writes: [put("b"), update("a", "SET q = absent + :one", { ":one": 1 })],
    answer: refused,
    after: [{ sk: "a", v: 1 }],
  },
  {
    name: "an operand of the wrong type stops all",
    before: [{ sk: "a", v: "text" }],
    writes: [put("b"), update("a", "SET q = v + :one", { ":one": 1 })],
    answer: refused,
    after: [{ sk: "a", v: "text" }],
  },
  {
    name: "an index key of the wrong type stops all",
    before: [{ sk: "a" }],
    writes: [put("b"), update("a", "SET due_shard = :one", { ":one": 1 })],
    answer: refused,
    after: [{ sk: "a" }],
  },
  {
    name: "an item of more than 400 KB is refused",
    writes: [put("a", { big: "x".repeat(420_000) })],
    answer: { error: "ValidationException" },
    after: [],
  },
  {
    name: "an expression that can't be parsed is refused",
    writes: [put("a", {}, { ConditionExpression: "nonsense((" })],
    answer: { error: "ValidationException" },
    after: [],
  },
  {
    name: "a table that isn't there is refused",
    writes: [put("a"), () => ({ Put: { TableName: "missing", Item: key("b") } })],
    answer: { error: "ResourceNotFoundException" },
    after: [],
  },
  {
    name: "an item without its sort key stops all",
    writes: [(TableName) => ({ Put: { TableName, Item: { pk: "p" } } })],
    answer: refused,
    after: [],
  },
  {
    name: "a key without its sort key stops all",
    writes: [(TableName) => ({ Delete: { TableName, Key: { pk: "p" } } })],
    answer: refused,
    after: [],
  },
  {
    name: "101 writes are refused",
    writes: Array.from({ length: 101 }, (_, index) => put(`n${index}`)),
    answer: { error: "ValidationException" },
    after: [],
  },
  {
    name: "no write at all is refused",
    writes: [],
    answer: { error: "ValidationException" },
    after: [],
  },
  {
    name: "an empty write is refused",
    writes: [() => ({})],
    answer: { error: "ValidationException" },
    after: [],
  },
];

test.each([...conditions, ...malformed])("$name", async ({ before, writes, answer, after }) => {
  await using stack = await startTables();
  await seed(stack, before ?? []);

  expect(await transact(stack, writes)).toEqual(
    answer === refused ? expect.objectContaining(refused) : answer,
  );

  expect(await contents(stack)).toEqual(after);
});

test("a hundred writes commit", async () => {
  await using stack = await startTables();
  const writes = Array.from({ length: 100 }, (_, index) => put(`n${index}`));

  expect(await transact(stack, writes)).toBe("committed");

  expect(await contents(stack)).toHaveLength(100);
});

test("an index follows the commit and not the cancelled transaction", async () => {
  await using stack = await startTables();
  const due = { due_shard: "shard", due: "2030" };

  await transact(stack, [put("kept", due)]);
  await transact(stack, [put("lost", due), put("x", {}, isThere)]);
  await transact(stack, [update("kept", "SET due = :later", { ":later": "2031" })]);

  expect(await indexed(stack)).toEqual(["kept"]);
});

const increment = update("counter", "ADD v :one", { ":one": 1 });

test("the same client request token applies the same request once", async () => {
  await using stack = await startTables();
  const token = { ClientRequestToken: randomUUID() };

  expect(await transact(stack, [increment], token)).toBe("committed");
  expect(await transact(stack, [increment], token)).toBe("committed");

  expect(await contents(stack)).toEqual([{ sk: "counter", v: 1 }]);
});

test("the same client request token refuses another request", async () => {
  await using stack = await startTables();
  const token = { ClientRequestToken: randomUUID() };
  await transact(stack, [increment], token);

  expect(await transact(stack, [put("other")], token)).toEqual({
    error: "IdempotentParameterMismatchException",
  });

  expect(await contents(stack)).toEqual([{ sk: "counter", v: 1 }]);
});

test("the token of a cancelled transaction can be used again", async () => {
  await using stack = await startTables();
  const token = { ClientRequestToken: randomUUID() };

  expect(await transact(stack, [put("a", {}, isThere)], token)).toEqual(cancelled(conditionFailed));
  await transact(stack, [put("a", { v: 1 })]);
  expect(await transact(stack, [put("a", {}, isThere)], token)).toBe("committed");

  expect(await contents(stack)).toEqual([{ sk: "a" }]);
});
