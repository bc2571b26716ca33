import type { Edit, Guard } from "./guard.ts";

/** The state machine stands behind other guards: it goes off with them. */
const anyRequestMove: Edit = {
  file: "lib/domain/request/request.ts",
  on: 'move("request", hitlMoves, status, name)',
  off: "hitlMoves[name].to",
};

/** What makes a change exact: once, whole, and answered truly. */
export const commitGuards: readonly Guard[] = [
  {
    name: "request condition",
    set: "seeds",
    edits: [
      { file: "lib/domain/request/respond.ts", on: 'request.status !== "pending"', off: "false" },
      anyRequestMove,
    ],
  },
  {
    name: "only over the revision that was read",
    set: "seeds",
    edits: [
      {
        file: "lib/adapters/dynamodb/write-change.ts",
        on: "atRevision(item.rev - 1)",
        off: "(item.rev === 1 ? atRevision(0) : {})",
      },
    ],
  },
  {
    name: "sequence in the same transaction",
    set: "full",
    fault: "kill before",
    edits: [
      {
        file: "lib/adapters/dynamodb/write-change.ts",
        on: "(log ? [putNew(TableName, log)] : [])",
        off: "[]",
      },
      {
        file: "lib/adapters/dynamodb/write-change.ts",
        on: `await table.client.send(
      new TransactWriteCommand({ TransactItems, ClientRequestToken: sealed.commit_id }),
    )`,
        off: `(await table.client.send(new TransactWriteCommand({ TransactItems }))) &&
      eventItem(sealed) &&
      (await table.client.send(
        new TransactWriteCommand({
          TransactItems: [{ Put: { TableName: table.name, Item: eventItem(sealed) } }],
        }),
      ))`,
      },
    ],
  },
  {
    name: "a lost answer is looked up",
    set: "commands",
    fault: "lands two calls later",
    edits: [
      {
        file: "lib/services/commit/commit.ts",
        on: "await deps.wasWritten(attempt.sealed)",
        off: "false",
      },
    ],
  },
  {
    name: "idempotency record",
    set: "full",
    fault: "kill after",
    edits: [{ file: "lib/http/handle.ts", on: "served.route.idempotent", off: "false" }],
  },
  {
    name: "the answer is kept in the same transaction",
    set: "full",
    fault: "kill after",
    edits: [
      {
        file: "functions/wiring/store.ts",
        on: "kept && idempotency.receiptWrite(table, kept.receipt, kept.body, now().getTime())",
        off: "undefined",
      },
    ],
  },
];
