import type { DueItem } from "../../contracts/due.ts";
import { afterAllIds, dueShards, type Key, parsePartitionKey, parseSortKey } from "./keys.ts";
import { queryIndex } from "./query.ts";
import { kindOfPrefix } from "./records.ts";
import type { Table } from "./table.ts";

/** What an entry of `by_due` is about. */
export const dueItemOf = ({ pk, sk }: Key): DueItem => {
  const { tenant, area, owner } = parsePartitionKey(pk);
  const { prefix, id } = parseSortKey(sk);
  const kind = kindOfPrefix(prefix);
  if (area === "CONNECTION") return { kind: "connections", tenant, id: owner };
  if (area !== "PROJECT" || kind === undefined) return { kind: "unknown", pk, sk };
  return kind === "projects"
    ? { kind, tenant, project_id: owner }
    : ({ kind, tenant, project_id: owner, id } as DueItem);
};

/**
 * What is due by `now`, shard by shard, oldest first, at most `limit` entries each. The index may lag and may name what
 * has changed since: whoever acts reads the item itself first. A shard that does not answer rejects alone.
 */
export const listDue = (table: Table, now: string, limit: number): Promise<DueItem[]>[] =>
  dueShards.map(async (hash) => {
    const range = { index: "by_due", hash, range: "<=", value: now } as const;
    const entries = await queryIndex(table, range, limit, false);
    return entries.map(dueItemOf);
  });

/** The instant the oldest entry became due; null when nothing waits. */
export const oldestDue = async (table: Table): Promise<string | null> => {
  const shards = await Promise.all(
    dueShards.map((hash) =>
      queryIndex(table, { index: "by_due", hash, range: "<=", value: afterAllIds }, 1, false),
    ),
  );
  return (
    shards
      .flat()
      .map((entry) => String(entry.due))
      .sort()[0] ?? null
  );
};
