import { TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import {
  TransactGetCommand,
  type TransactGetCommandInput,
  TransactWriteCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { expect, test } from "vitest";
import { startTables } from "../../support/emulators.ts";

type Stack = Awaited<ReturnType<typeof startTables>>;

const key = (sk: string) => ({ pk: "p", sk });

const read = async (stack: Stack, keys: readonly string[], more = {}) => {
  const TransactItems: TransactGetCommandInput["TransactItems"] = keys.map((sk) => ({
    Get: { TableName: stack.tableName, Key: key(sk), ...more },
  }));
  const { Responses } = await stack.documentClient.send(new TransactGetCommand({ TransactItems }));
  return Responses?.map(({ Item }) => Item);
};

const write = (stack: Stack, items: readonly Record<string, unknown>[]) =>
  stack.documentClient.send(
    new TransactWriteCommand({
      TransactItems: items.map((Item) => ({ Put: { TableName: stack.tableName, Item } })),
    }),
  );

test("items come in the order of the request, a missing one as nothing", async () => {
  await using stack = await startTables();
  await write(stack, [
    { ...key("a"), v: 1 },
    { ...key("b"), v: 2 },
  ]);

  expect(await read(stack, ["b", "missing", "a"])).toEqual([
    { ...key("b"), v: 2 },
    undefined,
    { ...key("a"), v: 1 },
  ]);
  expect(await read(stack, ["a"], { ProjectionExpression: "v" })).toEqual([{ v: 1 }]);
});

test("one item twice, or a table that isn't there, is refused", async () => {
  await using stack = await startTables();

  await expect(read(stack, ["a", "a"])).rejects.toThrow(
    expect.objectContaining({ name: "ValidationException" }),
  );
  await expect(read(stack, ["a"], { TableName: "missing" })).rejects.toThrow(
    expect.objectContaining({ name: "ResourceNotFoundException" }),
  );
});

const transfer = (TableName: string) =>
  new TransactWriteCommand({
    TransactItems: [
      {
        Update: {
          TableName,
          Key: key("one"),
          UpdateExpression: "SET v = v - :amount",
          ConditionExpression: "v >= :amount",
          ExpressionAttributeValues: { ":amount": 1 },
        },
      },
      {
        Update: {
          TableName,
          Key: key("other"),
          UpdateExpression: "SET v = v + :amount",
          ExpressionAttributeValues: { ":amount": 1 },
        },
      },
    ],
  });

const isConflict = (error: unknown) =>
  error instanceof TransactionCanceledException ||
  (error instanceof Error && error.name === "TransactionConflictException");

/** AWS may cancel for a conflict; the write is then done again. */
const untilDone = async (run: () => Promise<unknown>): Promise<unknown> => {
  try {
    return await run();
  } catch (error) {
    if (!isConflict(error)) throw error;
    return untilDone(run);
  }
};

const repeat = async (times: number, run: () => Promise<unknown>) => {
  for (let count = 0; count < times; count += 1) await untilDone(run);
};

test("no reader sees half of a transfer while others write", async () => {
  await using stack = await startTables();
  const { documentClient, tableName: TableName } = stack;
  await write(stack, [
    { ...key("one"), v: 1000 },
    { ...key("other"), v: 1000 },
  ]);
  const sums = new Set<number>();
  let writing = true;
  const watch = async () => {
    while (writing) {
      const items = (await untilDone(() => read(stack, ["one", "other"]))) as { v: number }[];
      sums.add(items.reduce((sum, { v }) => sum + v, 0));
    }
  };
  const touch = () =>
    documentClient.send(
      new UpdateCommand({
        TableName,
        Key: key("one"),
        UpdateExpression: "ADD touched :one",
        ExpressionAttributeValues: { ":one": 1 },
      }),
    );

  const readers = [watch(), watch()];
  await Promise.all([
    ...Array.from({ length: 4 }, () => repeat(40, () => documentClient.send(transfer(TableName)))),
    repeat(60, touch),
  ]);
  writing = false;
  await Promise.all(readers);

  expect([...sums]).toEqual([2000]);
  expect(await read(stack, ["one", "other"])).toEqual([
    { ...key("one"), v: 840, touched: 60 },
    { ...key("other"), v: 1160 },
  ]);
});

test("a transaction costs twice the units of its writes and reads", async () => {
  await using stack = await startTables();
  const { documentClient, tableName: TableName } = stack;
  const capacity = (units: number) => [expect.objectContaining({ CapacityUnits: units })];
  const small = { Put: { TableName, Item: key("small") } };
  const large = { Put: { TableName, Item: { ...key("large"), text: "x".repeat(2_500) } } };
  const written = await documentClient.send(
    new TransactWriteCommand({
      TransactItems: [small, large],
      ReturnConsumedCapacity: "TOTAL",
    }),
  );
  const got = await documentClient.send(
    new TransactGetCommand({
      TransactItems: [{ Get: { TableName, Key: key("large") } }],
      ReturnConsumedCapacity: "TOTAL",
    }),
  );

  expect(written.ConsumedCapacity).toEqual(capacity(2 * (1 + 3)));
  expect(got.ConsumedCapacity).toEqual(capacity(2));
});
