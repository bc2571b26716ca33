import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { GetCommand, PutCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import type { MigrationProgress } from "../../contracts/operations.ts";
import { keys, parseSortKey } from "./keys.ts";
import { type Packed, pack, unpack } from "./pack.ts";
import { kindOfPrefix, type StoredItem } from "./records.ts";
import { currentVersion, type Migration, type StoredKind, upgrade } from "./schema-versions.ts";
import type { Table } from "./table.ts";

/** Gives the kind of record that an item holds; undefined for an item without a record. */
const kindOfItem = ({ v, sk }: StoredItem): StoredKind | undefined =>
  v === undefined ? undefined : kindOfPrefix(parseSortKey(String(sk)).prefix);

/** Gives the name under which the progress of a migration to today's versions is stored. */
export const migrationName = (all: readonly Migration[]): string =>
  all.length === 0 ? "initial" : `${all.length}-${all.at(-1)?.name}`;

/** Loads the progress of a migration; null when it has not begun. */
export const loadProgress = async (
  table: Table,
  name: string,
): Promise<MigrationProgress | null> => {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: keys.migration(name), ConsistentRead: true }),
  );
  return Item ? (Item.progress as MigrationProgress) : null;
};

/** Stores the progress of a migration. */
export const saveProgress = async (
  table: Table,
  name: string,
  progress: MigrationProgress,
): Promise<void> => {
  await table.client.send(
    new PutCommand({ TableName: table.name, Item: { ...keys.migration(name), progress } }),
  );
};

/** Reads at most `limit` items of the table, after the key `start`. */
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

/** Gives the item in today's shape; null when it has that shape already, or holds no record. */
export const modernize = (item: StoredItem, all: readonly Migration[]): StoredItem | null => {
  const kind = kindOfItem(item);
  if (!kind || Number(item.v) >= currentVersion(kind, all)) return null;
  const record = unpack(item.body as Packed) as StoredItem;
  const modern = upgrade(kind, Number(item.v), record, all);
  return { ...item, v: currentVersion(kind, all), body: pack(modern) };
};

/**
 * Writes an item in place of the one from which it was made. Gives false when another process has written it since: then it
 * has today's shape.
 */
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
