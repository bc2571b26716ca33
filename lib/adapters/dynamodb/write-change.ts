import { TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import {
  GetCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from "@aws-sdk/lib-dynamodb";
import type { Sealed } from "../../domain/prepare-write.ts";
import { Problem } from "../../domain/problem.ts";
import { isTransient } from "../errors.ts";
import { eventItem } from "./event-items.ts";
import {
  artifactItem,
  type Item,
  ledgerItem,
  projectItem,
  requestItem,
  taskItem,
  versionItem,
} from "./items.ts";
import { keys } from "./keys.ts";
import type { Table } from "./table.ts";

type Write = NonNullable<TransactWriteCommandInput["TransactItems"]>[number];

const absent = "attribute_not_exists(pk)";

/** A put that only replaces the revision the record was read at, or nothing when it is new. */
const replace = (TableName: string, item: Item): Write => ({
  Put: {
    TableName,
    Item: item,
    ...(item.rev === 1
      ? { ConditionExpression: absent }
      : /* guard: only over the revision that was read */ {
          ConditionExpression: "rev = :rev",
          ExpressionAttributeValues: { ":rev": item.rev - 1 },
        }),
  },
});

const touched = <T>(records: Readonly<Record<string, T>>, ids: ReadonlySet<string>): T[] =>
  Object.entries(records).flatMap(([id, record]) => (ids.has(id) ? [record] : []));

const requestWrites = ({ change }: Sealed, TableName: string): Write[] =>
  touched(change.requests, change.touched).flatMap((request) => {
    const { request_id, project_id, task_id } = request;
    const pointer = { ...keys.requestPointer(change.tenant, request_id), project_id, task_id };
    return [
      replace(TableName, requestItem(change.tenant, request)),
      ...(request.rev === 0 ? [{ Put: { TableName, Item: pointer } }] : []),
    ];
  });

const artifactWrites = ({ change }: Sealed, TableName: string): Write[] =>
  touched(change.artifacts, change.touched).flatMap((artifact): Write[] => {
    const { pk, sk, rev, ...item } = artifactItem(change.tenant, artifact);
    const head = artifact.deleted
      ? {
          Delete: {
            TableName,
            Key: { pk, sk },
            ConditionExpression: "rev = :rev",
            ExpressionAttributeValues: { ":rev": rev - 1 },
          },
        }
      : replace(TableName, { pk, sk, rev, ...item });
    return [head, { Put: { TableName, Item: versionItem(change.tenant, artifact) } }];
  });

const writesOf = (sealed: Sealed, { name: TableName, remindMs }: Table): Write[] => {
  const { change } = sealed;
  const log = eventItem(sealed);
  return [
    replace(TableName, projectItem(change.tenant, change.project)),
    ...touched(change.tasks, change.touched).map((task) =>
      replace(TableName, taskItem(change.tenant, task, remindMs)),
    ),
    ...requestWrites(sealed, TableName),
    ...artifactWrites(sealed, TableName),
    ...touched(change.ledgers, change.touched).map((ledger) =>
      /* guard: ledgers only over the revision that was read */ replace(
        TableName,
        ledgerItem({ tenant: change.tenant, project_id: change.project.id }, ledger),
      ),
    ),
    .../* guard: events in the transaction */ (log
      ? [{ Put: { TableName, Item: log, ConditionExpression: absent } }]
      : []),
  ];
};

const lostRace = new Set([
  "ConditionalCheckFailed",
  "TransactionConflict",
  "ThrottlingError",
  "ProvisionedThroughputExceeded",
]);

/** The write that keeps the answer to an idempotent request, in the same transaction as its effect. */
export type ReceiptWrite = NonNullable<Write["Put"]>;

const onCancel = (error: TransactionCanceledException, hasReceipt: boolean): "conflict" => {
  const codes = (error.CancellationReasons ?? []).map((reason) => reason.Code ?? "None");
  if (hasReceipt && codes.at(-1) === "ConditionalCheckFailed") {
    throw new Problem("idempotency-in-progress", "Another request with this key took over.", {
      cause: error,
    });
  }
  if (codes.some((code) => lostRace.has(code))) return "conflict";
  throw error;
};

/** "conflict": somebody was faster, nothing was written. "unknown": the answer was lost. */
export type Outcome = "written" | "conflict" | "unknown";

/**
 * Writes a sealed change in one transaction: the project, what it touched, its events.
 */
export const writeChange = async (
  table: Table,
  sealed: Sealed,
  receipt?: ReceiptWrite,
): Promise<Outcome> => {
  const TransactItems = [
    ...writesOf(sealed, table),
    ...(receipt ? [{ Put: { ...receipt, TableName: table.name } }] : []),
  ];
  try {
    /* guard: one transaction */ await table.client.send(
      new TransactWriteCommand({ TransactItems, ClientRequestToken: sealed.commit_id }),
    );
    return "written";
  } catch (error) {
    if (error instanceof TransactionCanceledException) return onCancel(error, Boolean(receipt));
    if (isTransient(error)) return "unknown";
    throw error;
  }
};

/** Whether a change whose answer was lost has been written after all: its place in the log tells. */
export const wasWritten = async (table: Table, { change, events, commit_id }: Sealed) => {
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
