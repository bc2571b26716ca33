import type { DueItem } from "../domain/due.ts";
import { dueShards, parseDueKey } from "./keys.ts";
import { queryIndex } from "./query.ts";
import type { Table } from "./table.ts";

/**
 * What is due by `now`, oldest first in each shard, at most `limit` entries per shard. The index may lag and
 * may name what has changed since: whoever acts reads the item itself first.
 */
export const listDue = async (table: Table, now: string, limit: number): Promise<DueItem[]> => {
  const shards = await Promise.all(
    dueShards.map((hash) =>
      queryIndex(table, { index: "by_due", hash, range: "<=", value: now }, limit, false),
    ),
  );
  return shards.flat().flatMap((entry) => parseDueKey(entry) ?? []);
};

/** The instant the oldest entry became due; null when nothing waits. */
export const oldestDue = async (table: Table): Promise<string | null> => {
  const shards = await Promise.all(
    dueShards.map((hash) =>
      queryIndex(table, { index: "by_due", hash, range: "<=", value: "~" }, 1, false),
    ),
  );
  return (
    shards
      .flat()
      .map((entry) => String(entry.due))
      .sort()[0] ?? null
  );
};
