import { QueryCommand, type QueryCommandInput } from "@aws-sdk/lib-dynamodb";
import type { Key } from "./keys.ts";
import type { Table } from "./table.ts";

type Item = Record<string, unknown>;

type Range = {
  pk: string;
  /** Sort keys begin with this. */
  prefix: string;
  /** Only sort keys past this one, in the direction of reading. */
  after?: string | null | undefined;
  limit: number;
  backwards?: boolean;
  consistent?: boolean;
};

const condition = ({ pk, prefix, after, backwards }: Range) => {
  if (!after) {
    return {
      KeyConditionExpression: "pk = :pk AND begins_with(sk, :prefix)",
      ExpressionAttributeValues: { ":pk": pk, ":prefix": prefix },
    };
  }
  const [from, to] = backwards ? [prefix, after] : [after, `${prefix}\uffff`];
  return {
    KeyConditionExpression: "pk = :pk AND sk BETWEEN :from AND :to",
    ExpressionAttributeValues: { ":pk": pk, ":from": from, ":to": to },
  };
};

const send = async (table: Table, input: Omit<QueryCommandInput, "TableName">) =>
  table.client.send(new QueryCommand({ TableName: table.name, ...input }));

/** One bounded page of a partition. `last` is the sort key to go on after; null at the end. */
export const queryRange = async (
  table: Table,
  range: Range,
): Promise<{ items: Item[]; last: string | null }> => {
  const { after, limit, backwards = false, consistent = true } = range;
  const Limit = limit + (after ? 2 : 1);
  const { Items = [], LastEvaluatedKey } = await send(table, {
    ...condition(range),
    Limit,
    ScanIndexForward: !backwards,
    ConsistentRead: consistent,
  });
  const rest = Items.filter((item) => item.sk !== after);
  const isPartial = LastEvaluatedKey !== undefined && Items.length < Limit;
  const items = rest.slice(0, limit);
  const last = String(items.at(-1)?.sk ?? LastEvaluatedKey?.sk ?? "");
  return { items, last: rest.length > limit || isPartial ? last : null };
};

/** All items of a range, page by page: only for ranges that are bounded by what they hold. */
export const queryAll = async (
  table: Table,
  input: Omit<QueryCommandInput, "TableName">,
): Promise<Item[]> => {
  const items: Item[] = [];
  let start: Record<string, unknown> | undefined;
  do {
    const page = await send(table, { ...input, ...(start && { ExclusiveStartKey: start }) });
    items.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start);
  return items;
};

type IndexRange = {
  index: "by_tenant" | "by_due";
  hash: string;
  range: string;
  value: string;
};

const indexKeys = {
  by_tenant: { hash: "listed_in", range: "listed_as" },
  by_due: { hash: "due_shard", range: "due" },
} as const;

/** Keys in one partition of an index whose range attribute compares with `value`; ids only. */
export const queryIndex = async (
  table: Table,
  { index, hash, range, value }: IndexRange & { range: "<" | "<=" | ">" },
  limit: number,
  backwards: boolean,
): Promise<(Key & Item)[]> => {
  const names = indexKeys[index];
  const { Items = [] } = await send(table, {
    IndexName: index,
    KeyConditionExpression: `#hash = :hash AND #range ${range} :value`,
    ExpressionAttributeNames: { "#hash": names.hash, "#range": names.range },
    ExpressionAttributeValues: { ":hash": hash, ":value": value },
    Limit: limit,
    ScanIndexForward: !backwards,
  });
  return Items as (Key & Item)[];
};

/** How many entries a list of the index `by_tenant` has, counted without reading items. */
export const countIndex = async (table: Table, list: string): Promise<number> => {
  let count = 0;
  let start: Record<string, unknown> | undefined;
  do {
    const page = await send(table, {
      IndexName: "by_tenant",
      KeyConditionExpression: "listed_in = :list",
      ExpressionAttributeValues: { ":list": list },
      Select: "COUNT",
      ...(start && { ExclusiveStartKey: start }),
    });
    count += page.Count ?? 0;
    start = page.LastEvaluatedKey;
  } while (start);
  return count;
};
