import type { DueItem } from "../../contracts/due.ts";
import { afterAllIds, dueShards, type Key, parsePartitionKey, parseSortKey } from "./keys.ts";
import { queryIndex } from "./query.ts";
import { kindOfPrefix } from "./records.ts";
import type { Table } from "./table.ts";

/** Tells what an entry of the index `by_due` is about. */
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
 * Lists what is due by `now`: one promise for each shard of the index, so that a shard that fails does not stop the others.
 * Each has at most `limit` entries, oldest first. The index may lag: read the item itself before you act on it.
 */
export const listDue = (table: Table, now: string, limit: number): Promise<DueItem[]>[] =>
  dueShards.map(async (hash) => {
    const range = { index: "by_due", hash, range: "<=", value: now } as const;
    const entries = await queryIndex(table, range, limit, false);
    return entries.map(dueItemOf);
  });

/** Gives the instant of the oldest entry in the index, which may be in the future; null when the index is empty. */
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
