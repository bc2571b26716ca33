import { readServerlessYml } from "../../../../localstack/emulators/serverless-yml.ts";
import { Refusal, readExpressions } from "./expressions.ts";
import { type IndexKeys, openRecords, type Records } from "./records.ts";
import type { AttributeMap, Read, Write } from "./wire.ts";
import { prepareWrite, type Tables, transact } from "./writes.ts";

type Schema = { KeySchema: { AttributeName: string }[]; IndexName: string };

/** The indexes as serverless.yml describes them. */
const indexes: IndexKeys = Object.fromEntries(
  Object.values(readServerlessYml().resources.Resources).flatMap(({ Properties }) =>
    ((Properties?.GlobalSecondaryIndexes ?? []) as unknown as Schema[]).map(
      ({ IndexName, KeySchema: [hash, range] }) => [
        IndexName,
        { hash: hash?.AttributeName ?? "", range: range?.AttributeName ?? "" },
      ],
    ),
  ),
);

const keysOnly = (item: AttributeMap, index: string): AttributeMap => {
  const { hash = "", range = "" } = indexes[index] ?? {};
  return Object.fromEntries(
    ["pk", "sk", hash, range].flatMap((name) => (item[name] ? [[name, item[name]]] : [])),
  );
};

const get = (tables: Tables, { TableName, Key, ConsistentRead = false }: Read) => {
  const Item = tables(TableName).get(String(Key.pk?.S), String(Key.sk?.S), ConsistentRead);
  return Item ? { Item } : {};
};

type BatchGet = {
  RequestItems: Record<string, { Keys: AttributeMap[]; ConsistentRead?: boolean }>;
};

const batchGet = (tables: Tables, { RequestItems }: BatchGet) => ({
  Responses: Object.fromEntries(
    Object.entries(RequestItems).map(([TableName, { Keys, ConsistentRead = false }]) => [
      TableName,
      Keys.flatMap((Key) => get(tables, { TableName, Key, ConsistentRead }).Item ?? []),
    ]),
  ),
  UnprocessedKeys: {},
});

/** The value that an index's partition key is compared with. */
const hashValue = ({ ExpressionAttributeValues: values = {} }: Read) =>
  String((values[":hash"] ?? values[":list"])?.S);

const candidates = (tables: Tables, read: Read): AttributeMap[] => {
  const records = tables(read.TableName);
  if (!read.IndexName) return records.list(String(read.ExpressionAttributeValues?.[":pk"]?.S));
  const index = read.IndexName;
  return records.listIndex(index, hashValue(read)).map((item) => keysOnly(item, index));
};

const query = (tables: Tables, read: Read) => {
  const { keyCondition } = readExpressions(read);
  const matching = candidates(tables, read).filter(keyCondition);
  if (read.ScanIndexForward === false) matching.reverse();
  const Items = matching.slice(0, read.Limit ?? matching.length);
  const last = Items.length === read.Limit ? Items.at(-1) : undefined;
  return {
    ...(read.Select !== "COUNT" && { Items }),
    Count: Items.length,
    ...(last && { LastEvaluatedKey: { pk: last.pk, sk: last.sk } }),
  };
};

const single = (tables: Tables, kind: "Put" | "Update" | "Delete", write: Write) => {
  const { before, apply } = prepareWrite(tables, kind, write);
  apply();
  return before && write.ReturnValues === "ALL_OLD" ? { Attributes: before } : {};
};

type Options = { now: () => number; lagMs: () => number };

/**
 * DynamoDB as far as this project uses it: tables in memory, each operation at one instant, with reads and
 * indexes that lag where they may. Some hundred times the speed of the emulator, with which it is compared
 * in model.test.ts.
 *
 * @returns `perform` answers one operation, or throws the Refusal that the service would answer
 */
export const openDynamoDB = (options: Options) => {
  const opened = new Map<string, Records>();
  const tables: Tables = (name) => {
    const records = opened.get(name) ?? openRecords({ indexes, ...options });
    opened.set(name, records);
    return records;
  };
  const tokens = new Set<string>();
  const operations: Record<string, (request: never) => unknown> = {
    GetItem: (request: Read) => get(tables, request),
    BatchGetItem: (request: BatchGet) => batchGet(tables, request),
    Query: (request: Read) => query(tables, request),
    PutItem: (request: Write) => single(tables, "Put", request),
    UpdateItem: (request: Write) => single(tables, "Update", request),
    DeleteItem: (request: Write) => single(tables, "Delete", request),
    TransactWriteItems: (request: never) => transact(tables, tokens, request),
  };
  return {
    perform: (operation: string, request: unknown): unknown => {
      const run = operations[operation];
      if (!run) throw new Refusal("UnknownOperationException", operation);
      return run(request as never);
    },
    /** Everything that is in a table. */
    all: (table: string): AttributeMap[] => tables(table).all(),
  };
};

export type DynamoDB = Pick<ReturnType<typeof openDynamoDB>, "perform" | "all">;
