import type { Guard } from "./guard.ts";

/** What keeps money from being spent twice, or beyond its limits; and other things from being done twice. */
export const moneyGuards: readonly Guard[] = [
  {
    name: "a lost reservation is found again",
    set: "money",
    fault: "lose all",
    places: {
      "a lost reservation is found again": "undefined",
    },
  },
  {
    name: "ledgers only over the revision that was read",
    set: "money",
    fault: "conflict",
    places: {
      "ledgers only over the revision that was read":
        '(kind === "ledgers" ? { Put: { TableName, Item: item } } : replace(TableName, item))',
    },
  },
  {
    name: "no more than what is left",
    set: "money",
    fault: "conflict",
    places: {
      "no more than what is left": "undefined",
    },
  },
  {
    name: "a request that needs more than was reserved is not sent",
    set: "money",
    fault: "conflict",
    places: {
      "a request that needs more than was reserved is not sent": "false",
    },
  },
  {
    name: "no more is spent than was reserved",
    set: "money",
    fault: "conflict",
    places: {
      "no more is spent than was reserved": "Number.MAX_SAFE_INTEGER",
    },
  },
  {
    name: "a sum can be read again",
    set: "money",
    fault: "conflict",
    places: {
      "a sum can be read again": "(one + other)",
    },
  },
  {
    name: "a call is settled once",
    set: "money",
    fault: "freeze",
    places: {
      "a call is settled once": `(findReserved(change, task_id, call_id) ?? {
          call_id,
          attempt: 1,
          agent_type: "coder",
          provider: "sim",
          model: "sim-1",
          amount: 1_000_000,
          ledgers: [ledgerIds.task(task_id), ledgerIds.project],
          started_at: "2030-01-01T00:00:00.000Z",
        })`,
    },
  },
  {
    name: "what a dead worker left open is settled",
    set: "money",
    fault: "kill after",
    places: {
      "what a dead worker left open is settled": "false",
    },
  },
  {
    name: "a call is settled although its task is lost",
    set: "money",
    fault: "conflict",
    places: {
      "a call is settled although its task is lost":
        "lease.write((leased) => settle(deps, leased, call, result))",
    },
  },
  {
    name: "money for no call is given back",
    set: "money",
    fault: "lose all",
    places: {
      "money for no call is given back": "null",
    },
  },
  {
    name: "money that comes back wakes who waits",
    set: "money",
    fault: "kill after",
    places: {
      "money that comes back wakes who waits": "{ woken: [], left: ledger.waiting }",
    },
  },
  {
    name: "the end of an attempt looks at the money again",
    set: "money",
    fault: "kill after",
    places: {
      "the end of an attempt looks at the money again":
        '({ kind: "waits", limit: limits[1], wanted: stop.wanted })',
    },
  },
  {
    name: "a lost wake is found by the sweeper",
    set: "money",
    fault: "kill after",
    places: {
      "a lost wake is found by the sweeper": "task.waiting_for !== null",
    },
  },
  {
    name: "one question at one limit",
    set: "money",
    fault: "kill after",
    places: {
      "one question at one limit": "undefined",
    },
  },
  {
    name: "an answer is for all who wait for it",
    set: "money",
    fault: "kill before",
    places: {
      "an answer is for all who wait for it": "project.follow_up",
    },
  },
  {
    name: "an effect is had once",
    set: "money",
    fault: "freeze",
    places: {
      "an effect is had once": "undefined",
    },
  },
  {
    name: "what is kept under one key is one artifact",
    set: "money",
    fault: "freeze",
    places: {
      "what is kept under one key is one artifact": "undefined",
    },
  },
];
