import { TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import {
  GetCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from "@aws-sdk/lib-dynamodb";
import { changedRecords, type PreparedWrite } from "../../domain/prepare-write.ts";
import { Problem } from "../../domain/problem.ts";
import { kindNames, kindOf, type RecordKind } from "../../domain/records.ts";
import { isTransient } from "../errors.ts";
import { eventItem } from "./event-items.ts";
import { keys } from "./keys.ts";
import { atRevision } from "./put-at-revision.ts";
import { companionItems, isDeleted, projectItem, type RecordItem, recordItem } from "./records.ts";
import type { Table } from "./table.ts";

type Write = NonNullable<TransactWriteCommandInput["TransactItems"]>[number];

/** Makes a put that replaces only the revision that was read; for a new record, only nothing. */
const replace = (TableName: string, item: RecordItem): Write => ({
  Put: {
    TableName,
    Item: item,
    .../* guard: only over the revision that was read */ atRevision(item.rev - 1),
  },
});

const putNew = (TableName: string, Item: Record<string, unknown>): Write => ({
  Put: { TableName, Item, ...atRevision(0) },
});

const remove = (TableName: string, { pk, sk, rev }: RecordItem): Write => ({
  Delete: { TableName, Key: { pk, sk }, ...atRevision(rev - 1) },
});

/** Makes the writes for the records of a kind: each record's item, and the further items that belong to it. */
const writesOfKind = (
  { change, dueAt }: PreparedWrite,
  kind: RecordKind,
  TableName: string,
): Write[] => {
  const { tenant, project } = change;
  return changedRecords(change, kind).flatMap((record): Write[] => {
    const due = dueAt[kindOf(kind).idOf(record)] ?? null;
    const item = recordItem(kind, { tenant, project_id: project.id }, record, due);
    return [
      isDeleted(kind, record)
        ? remove(TableName, item)
        : /* guard: ledgers only over the revision that was read */ replace(TableName, item),
      ...companionItems(kind, tenant, record).map((Item) => ({ Put: { TableName, Item } })),
    ];
  });
};

const writesOf = (prepared: PreparedWrite, { name: TableName }: Table): Write[] => {
  const { tenant, project } = prepared.change;
  const log = eventItem(prepared);
  return [
    replace(TableName, projectItem(tenant, project, prepared.dueAt[project.id] ?? null)),
    ...kindNames.flatMap((kind) => writesOfKind(prepared, kind, TableName)),
    .../* guard: events in the transaction */ (log ? [putNew(TableName, log)] : []),
  ];
};

const lostRaceCodes = new Set([
  "ConditionalCheckFailed",
  "TransactionConflict",
  "ThrottlingError",
  "ProvisionedThroughputExceeded",
]);

/** The write that stores the response to an idempotent request, in the same transaction as its effect. */
export type StoredResponseWrite = NonNullable<Write["Put"]>;

const onCancel = (error: TransactionCanceledException, hasKey: boolean): "conflict" => {
  const codes = (error.CancellationReasons ?? []).map((reason) => reason.Code ?? "None");
  if (hasKey && codes.at(-1) === "ConditionalCheckFailed") {
    throw new Problem("idempotency-in-progress", "Another request with this key took over.", {
      cause: error,
    });
  }
  if (codes.some((code) => lostRaceCodes.has(code))) return "conflict";
  throw error;
};

/** `conflict`: another commit was faster, and nothing was written. `unknown`: the answer was lost. */
export type WriteOutcome = "written" | "conflict" | "unknown";

/**
 * Writes a prepared change in one transaction: the project, the changed records and the events.
 *
 * @param storedResponse the write of the response, when the request has an idempotency key
 * @throws Problem `idempotency-in-progress` when another request has taken the key over
 */
export const writeChange = async (
  table: Table,
  prepared: PreparedWrite,
  storedResponse?: StoredResponseWrite,
): Promise<WriteOutcome> => {
  const TransactItems = [
    ...writesOf(prepared, table),
    ...(storedResponse ? [{ Put: { ...storedResponse, TableName: table.name } }] : []),
  ];
  try {
    /* guard: one transaction */ await table.client.send(
      new TransactWriteCommand({ TransactItems, ClientRequestToken: prepared.commit_id }),
    );
    return "written";
  } catch (error) {
    if (error instanceof TransactionCanceledException)
      return onCancel(error, Boolean(storedResponse));
    if (isTransient(error)) return "unknown";
    throw error;
  }
};

/**
 * Tells whether an unconfirmed write was applied: then its place in the log has its commit id. Always false without events.
 */
export const wasApplied = async (table: Table, { change, events, commit_id }: PreparedWrite) => {
  if (events.length === 0) return false;
  const key = { tenant: change.tenant, project_id: change.project.id };
  const { Item } = await table.client.send(
    new GetCommand({
      TableName: table.name,
      Key: keys.events(key, change.project.head),
      ConsistentRead: true,
      ProjectionExpression: "commit_id",
    }),
  );
  return Item?.commit_id === commit_id;
};
