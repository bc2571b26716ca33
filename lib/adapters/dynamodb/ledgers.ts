import type { Page } from "../../contracts/page.ts";
import {
  emptyLedger,
  type LedgerRecord,
  ledgerIds,
  taskOfLedger,
} from "../../domain/budget/ledger.ts";
import type { ProjectKey } from "../../domain/common.ts";
import { parseSortKey } from "./keys.ts";
import { listRecords } from "./list-records.ts";
import { batchGet } from "./load-change.ts";
import { readEach, recordKey, toRecord } from "./records.ts";
import type { Table } from "./table.ts";

const toLedger = (item: Record<string, unknown>) => toRecord("ledgers", item);

/** Ledgers by their ids, and the ids of those that cannot be read. */
export type LoadedLedgers = {
  ledgers: Record<string, LedgerRecord>;
  unreadable: string[];
};

/** Loads ledgers by their ids, with a consistent read. A ledger that is not stored, or cannot be read, is empty. */
export const loadLedgers = async (
  table: Table,
  key: ProjectKey,
  ids: readonly string[],
): Promise<LoadedLedgers> => {
  const items = await batchGet(
    table,
    ids.map((id) => recordKey("ledgers", key, id)),
  );
  const found = readEach(table, items, toLedger);
  const stored = items.map(({ sk }) => parseSortKey(String(sk)).id);
  return {
    ledgers: {
      ...Object.fromEntries(ids.map((id) => [id, emptyLedger(id)])),
      ...Object.fromEntries(found.map((ledger) => [ledger.ledger_id, ledger])),
    },
    unreadable: stored.filter((id) => !found.some(({ ledger_id }) => ledger_id === id)),
  };
};

/** Lists the ledgers of a project's tasks in the order of the tasks' creation, after the task `after`. */
export const listTaskLedgers = async (
  table: Table,
  key: ProjectKey,
  { after, limit }: { after: string | null; limit: number },
): Promise<Page<LedgerRecord>> => {
  const idPrefix = ledgerIds.task("");
  const { items, last } = await listRecords(table, "ledgers", key, {
    idPrefix,
    after: after && ledgerIds.task(after),
    limit,
  });
  return { items, last: last && taskOfLedger(last) };
};
