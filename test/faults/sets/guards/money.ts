import type { Guard } from "./guard.ts";

/** What keeps money from being spent twice, or beyond its limits; and other things from being done twice. */
export const moneyGuards: readonly Guard[] = [
  {
    name: "a lost reservation is found again",
    set: "money",
    fault: "lose all",
    edits: [
      {
        file: "lib/domain/budget/reserve-call.ts",
        on: "findReserved(before, task_id, call_id)",
        off: "undefined",
      },
    ],
  },
  {
    name: "ledgers only over the revision that was read",
    set: "money",
    fault: "conflict",
    edits: [
      {
        file: "lib/adapters/dynamodb/write-change.ts",
        on: "replace(TableName, item)",
        off: '(kind === "ledgers" ? { Put: { TableName, Item: item } } : replace(TableName, item))',
      },
    ],
  },
  {
    name: "no more than what is left",
    set: "money",
    fault: "conflict",
    edits: [
      {
        file: "lib/domain/budget/budget.ts",
        on: "Math.min(wanted.most, ...limits.map(room))",
        off: "wanted.most",
      },
    ],
  },
  {
    name: "a call is settled once",
    set: "money",
    fault: "freeze",
    edits: [
      {
        file: "lib/domain/budget/settle-call.ts",
        on: "findReserved(change, task_id, call_id)",
        off: `(findReserved(change, task_id, call_id) ?? {
          call_id,
          attempt: 1,
          agent_type: "coder",
          provider: "sim",
          model: "sim-1",
          amount: 0,
          ledgers: [ledgerIds.task(task_id), ledgerIds.project],
        })`,
      },
    ],
  },
  {
    name: "what a dead worker left open is settled",
    set: "money",
    fault: "kill after",
    edits: [
      {
        file: "lib/domain/budget/ledger.ts",
        on: "settle_by <= now",
        off: "false",
      },
    ],
  },
  {
    name: "a call is settled although its task is lost",
    set: "money",
    fault: "conflict",
    edits: [
      {
        file: "lib/services/worker/spend.ts",
        on: "hold.record((held) => settle(deps, held, call, result))",
        off: "hold.write((held) => settle(deps, held, call, result))",
      },
    ],
  },
  {
    name: "money for no call is given back",
    set: "money",
    fault: "lose all",
    edits: [
      {
        file: "lib/services/worker/spend.ts",
        on: "await end(call, notMade).catch(() => undefined)",
        off: "null",
      },
    ],
  },
  {
    name: "an effect is had once",
    set: "money",
    fault: "freeze",
    edits: [
      {
        file: "lib/services/worker/side-effects.ts",
        on: "findEffect(held.task.effects, key)",
        off: "undefined",
      },
    ],
  },
  {
    name: "what is kept under one key is one artifact",
    set: "money",
    fault: "freeze",
    edits: [
      {
        file: "lib/services/worker/agent-context.ts",
        on: "findEffect(task.effects, key)",
        off: "undefined",
      },
    ],
  },
];
