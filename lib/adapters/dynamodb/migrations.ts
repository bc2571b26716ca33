import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { GetCommand, PutCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import type { MigrationProgress } from "../../contracts/operations.ts";
import { keys, parseSortKey } from "./keys.ts";
import { type Packed, pack, unpack } from "./pack.ts";
import { kindOfPrefix, type StoredItem } from "./records.ts";
import { currentVersion, type Migration, type StoredKind, upgrade } from "./schema-versions.ts";
import type { Table } from "./table.ts";

/** The kind of record that an item carries; undefined for items that carry none. */
const kindOfItem = ({ v, sk }: StoredItem): StoredKind | undefined =>
  v === undefined ? undefined : kindOfPrefix(parseSortKey(String(sk)).prefix);

/** The name under which the way to today's versions is kept. */
export const migrationName = (all: readonly Migration[]): string =>
  all.length === 0 ? "initial" : `${all.length}-${all.at(-1)?.name}`;

export const loadProgress = async (
  table: Table,
  name: string,
): Promise<MigrationProgress | null> => {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: keys.migration(name), ConsistentRead: true }),
  );
  return Item ? (Item.progress as MigrationProgress) : null;
};

export const saveProgress = async (
  table: Table,
  name: string,
  progress: MigrationProgress,
): Promise<void> => {
  await table.client.send(
    new PutCommand({ TableName: table.name, Item: { ...keys.migration(name), progress } }),
  );
};

/** One bounded page of the whole table, from where the last one ended. */
export const scanItems = async (
  table: Table,
  { start, limit }: { start: MigrationProgress["next"]; limit: number },
): Promise<{ items: StoredItem[]; next: MigrationProgress["next"] }> => {
  const { Items = [], LastEvaluatedKey } = await table.client.send(
    new ScanCommand({
      TableName: table.name,
      Limit: limit,
      ...(start && { ExclusiveStartKey: start }),
    }),
  );
  return {
    items: Items,
    next: (LastEvaluatedKey as MigrationProgress["next"] | undefined) ?? null,
  };
};

/** The item in today's shape; null when it is in that shape already or carries no record. */
export const modernize = (item: StoredItem, all: readonly Migration[]): StoredItem | null => {
  const kind = kindOfItem(item);
  if (!kind || Number(item.v) >= currentVersion(kind, all)) return null;
  const record = unpack(item.body as Packed) as StoredItem;
  const modern = upgrade(kind, Number(item.v), record, all);
  return { ...item, v: currentVersion(kind, all), body: pack(modern) };
};

/** Replaces the item it was made from. False when somebody else has written it since: then it is modern. */
export const rewrite = async (
  table: Table,
  before: StoredItem,
  after: StoredItem,
): Promise<boolean> => {
  const unchanged = before.rev === undefined ? "attribute_not_exists(rev)" : "rev = :rev";
  try {
    await table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: after,
        ConditionExpression: `v = :v AND ${unchanged}`,
        ExpressionAttributeValues: {
          ":v": before.v,
          ...(before.rev !== undefined && { ":rev": before.rev }),
        },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
};
