import type { Guard } from "./guard.ts";

/** The state machine stands behind other guards: it goes off with them. */
const anyRequestMove = { "moves of a request": "hitlMoves[name].to" };

/** What makes a change exact: once, whole, and answered truly. */
export const commitGuards: readonly Guard[] = [
  {
    name: "request condition",
    set: "seeds",
    places: {
      "request condition": "false",
      ...anyRequestMove,
    },
  },
  {
    name: "only over the revision that was read",
    set: "seeds",
    places: {
      "only over the revision that was read": "(item.rev === 1 ? atRevision(0) : {})",
    },
  },
  {
    name: "sequence in the same transaction",
    set: "full",
    fault: "kill before",
    places: {
      "events in the transaction": "[]",
      "one transaction": `(await table.client.send(new TransactWriteCommand({ TransactItems }))) &&
      eventItem(prepared) &&
      (await table.client.send(
        new TransactWriteCommand({
          TransactItems: [{ Put: { TableName: table.name, Item: eventItem(prepared) } }],
        }),
      ))`,
    },
  },
  {
    name: "a lost answer is looked up",
    set: "commands",
    fault: "lands two calls later",
    places: {
      "a lost answer is looked up": "false",
    },
  },
  {
    name: "idempotency record",
    set: "full",
    fault: "kill after",
    places: { "idempotency record": "false" },
  },
  {
    name: "the answer is kept in the same transaction",
    set: "full",
    fault: "kill after",
    places: {
      "the answer is kept in the same transaction": "undefined",
    },
  },
];
