import { QueryCommand, type QueryCommandInput } from "@aws-sdk/lib-dynamodb";
import type { Key } from "./keys.ts";
import type { Table } from "./table.ts";

type Item = Record<string, unknown>;

type Range = {
  pk: string;
  /** Only items whose sort keys begin with this. */
  prefix: string;
  /** Only items after this sort key, in the direction of reading. */
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

/**
 * Reads one page of a partition, of at most `limit` items. The next page starts after the sort key `last`, which is null on
 * the last page.
 */
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

/** Reads all items of a range, page by page. Use it only where the number of items is bounded. */
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

/**
 * Reads at most `limit` entries of one partition of an index, whose range attribute compares with `value`. An entry has keys
 * only.
 */
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

/** Counts the entries of a list of the index `by_tenant`, without reading items. */
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

/** Splits off the page from entries of which one more than the page was asked for. `more` tells whether the list goes on. */
export const splitPage = <T>(
  entries: readonly T[],
  limit: number,
): { page: T[]; more: boolean } => ({
  page: entries.slice(0, limit),
  more: entries.length > limit,
});
