import type { DueItem } from "../../contracts/due.ts";
import { dueShards, parseDueKey } from "./keys.ts";
import { queryIndex } from "./query.ts";
import type { Table } from "./table.ts";

/**
 * What is due by `now`, shard by shard, oldest first, at most `limit` entries each. The index may lag and may name what
 * has changed since: whoever acts reads the item itself first. A shard that does not answer rejects alone.
 */
export const listDue = (table: Table, now: string, limit: number): Promise<DueItem[]>[] =>
  dueShards.map(async (hash) => {
    const range = { index: "by_due", hash, range: "<=", value: now } as const;
    const entries = await queryIndex(table, range, limit, false);
    return entries.flatMap((entry) => parseDueKey(entry) ?? []);
  });

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
