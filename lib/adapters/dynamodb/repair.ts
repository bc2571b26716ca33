import { LedgerRecord, ledgerDue, ledgerIds } from "../../domain/budget/ledger.ts";
import type { ReservedCall } from "../../domain/budget/model-call.ts";
import type { LoggedCall } from "../../domain/budget/rebuild-ledger.ts";
import type { ProjectKey } from "../../domain/common.ts";
import { Event } from "../../domain/events.ts";
import { kindNames, type RecordKind } from "../../domain/records.ts";
import { toEvents } from "./event-items.ts";
import { eventPrefix, keys, parsePartitionKey, parseSortKey } from "./keys.ts";
import { listRecords } from "./list-records.ts";
import { rewrite, scanItems } from "./migrations.ts";
import { queryRange } from "./query.ts";
import {
  kindOfPrefix,
  readBody,
  readEach,
  recordItem,
  type StoredItem,
  toProject,
  toRecord,
} from "./records.ts";
import type { Table } from "./table.ts";

const pageSize = 200;

const isRecordKind = (kind: string): kind is RecordKind =>
  (kindNames as readonly string[]).includes(kind);

/** Gives why the record of an item cannot be read; null when it can, or the item holds none. */
const faultOf = (item: StoredItem): unknown => {
  const kind =
    item.v === undefined ? undefined : kindOfPrefix(parseSortKey(String(item.sk)).prefix);
  try {
    if (kind === "projects") toProject(item);
    else if (kind === "events") for (const event of toEvents(item)) Event.parse(event);
    else if (kind !== undefined && isRecordKind(kind)) toRecord(kind, item);
    return null;
  } catch (error) {
    return error;
  }
};

/** Tells which project an item is the record of; null for any other item. */
const projectOf = ({ pk, sk }: StoredItem): ProjectKey | null => {
  const { tenant, owner } = parsePartitionKey(String(pk));
  return sk === "PROJECT" ? { tenant, project_id: owner } : null;
};

/** Tells which ledger an item holds; null for any other item. `project_id` is null for a ledger of the tenant. */
const ledgerOf = ({ pk, sk }: StoredItem) => {
  const { prefix, id } = parseSortKey(String(sk));
  const { tenant, area, owner } = parsePartitionKey(String(pk));
  return kindOfPrefix(prefix) === "ledgers"
    ? { tenant, project_id: area === "PROJECT" ? owner : null, ledger_id: id }
    : null;
};

/** Reads the settled calls in the log of a project, as they are stored. */
const readLoggedCalls = async (table: Table, key: ProjectKey): Promise<LoggedCall[]> => {
  const calls: LoggedCall[] = [];
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof queryRange>> = await queryRange(table, {
      pk: keys.project(key).pk,
      prefix: eventPrefix,
      after,
      limit: pageSize,
    });
    const events = readEach(table, page.items, toEvents).flat();
    calls.push(...events.filter((event) => event.event_type === "model_call"));
    after = page.last;
  } while (after !== null);
  return calls;
};

/** Reads the calls of a project that are not settled, from those ledgers of its tasks that can be read. */
const readOpenCalls = async (table: Table, key: ProjectKey): Promise<ReservedCall[]> => {
  const open: ReservedCall[] = [];
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listRecords<"ledgers">>> = await listRecords(
      table,
      "ledgers",
      key,
      {
        idPrefix: ledgerIds.task(""),
        after,
        limit: pageSize,
      },
    );
    open.push(...page.items.flatMap((ledger) => ledger.open));
    after = page.last;
  } while (after !== null);
  return open;
};

/** Gives the open calls in a ledger that cannot be read as a whole; none when they cannot be read either. */
const openCallsIn = (item: StoredItem): ReservedCall[] => {
  try {
    return LedgerRecord.shape.open.parse((readBody("ledgers", item) as { open?: unknown }).open);
  } catch {
    return [];
  }
};

/** Writes a ledger in place of the item that cannot be read. Gives false when the item has changed since it was read. */
const replaceLedger = (
  table: Table,
  before: StoredItem,
  ledger: LedgerRecord,
): Promise<boolean> => {
  const { tenant, owner } = parsePartitionKey(String(before.pk));
  const rev = Number.isSafeInteger(before.rev) ? Number(before.rev) : 0;
  const record = { ...ledger, rev };
  const item = recordItem("ledgers", { tenant, project_id: owner }, record, ledgerDue(ledger));
  return rewrite(table, before, item);
};

/** Opens what `repair` needs of a table. */
export const openRepair = (table: Table) => ({
  scanItems: (page: Parameters<typeof scanItems>[1]) => scanItems(table, page),
  faultOf,
  projectOf,
  ledgerOf,
  readLoggedCalls: (key: ProjectKey) => readLoggedCalls(table, key),
  readOpenCalls: (key: ProjectKey) => readOpenCalls(table, key),
  openCallsIn,
  replaceLedger: (before: StoredItem, ledger: LedgerRecord) => replaceLedger(table, before, ledger),
});
