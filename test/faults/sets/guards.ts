import type { FaultName } from "../world/faults.ts";
import type { RunName } from "./single-faults.ts";

export type SetName = RunName | "seeds";

/** A place in the code, and what stands there instead while the guard is off; both are expressions. */
export type Edit = { file: string; on: string; off: string };

export type Guard = {
  name: string;
  set: SetName;
  /** The fault that it is there for, where the set has many. */
  fault?: FaultName;
  edits: readonly Edit[];
};

const services = "lib/services";
const decisions = "lib/domain/decisions";
const adapters = "lib/adapters";

/** The state machines stand behind other guards: these go off with them. */
const anyTaskMove: Edit = {
  file: "lib/domain/task.ts",
  on: 'move("task", taskMoves, status, name)',
  off: "taskMoves[name].to",
};
const anyRequestMove: Edit = {
  file: "lib/domain/hitl.ts",
  on: 'move("request", hitlMoves, status, name)',
  off: "hitlMoves[name].to",
};

/** What keeps the promises, one row for each; taken out, some set has to notice. */
export const guards: readonly Guard[] = [
  {
    name: "sweeper",
    set: "full",
    fault: "kill before",
    edits: [
      {
        file: `${services}/sweep.ts`,
        on: "await readDue(deps)",
        off: "[]",
      },
    ],
  },
  {
    name: "what is due is in the index",
    set: "full",
    fault: "kill before",
    edits: [
      {
        file: `${adapters}/items.ts`,
        on: "dueAt(task.task_id, taskDue(task, remindMs))",
        off: "{}",
      },
    ],
  },
  {
    name: "leases end",
    set: "full",
    fault: "kill before",
    edits: [
      {
        file: `${decisions}/run-task.ts`,
        on: 'task.status === "working" && task.lease_until !== null && task.lease_until <= now',
        off: "false",
      },
    ],
  },
  {
    name: "claim condition",
    set: "full",
    fault: "redeliver",
    edits: [
      {
        file: `${decisions}/run-task.ts`,
        on: 'task.status === "pending" && (task.not_before === null || task.not_before <= now)',
        off: "true",
      },
      anyTaskMove,
    ],
  },
  {
    name: "nothing starts in a project that does not run",
    set: "commands",
    edits: [
      {
        file: `${services}/claim-task.ts`,
        on: 'change.project.status === "active"',
        off: "true",
      },
    ],
  },
  {
    name: "fencing",
    set: "full",
    fault: "freeze",
    edits: [
      {
        file: `${decisions}/run-task.ts`,
        on: 'task?.status === "working" && task.attempt === attempt',
        off: 'task?.status === "working"',
      },
    ],
  },
  {
    name: "completion condition",
    set: "full",
    fault: "freeze",
    edits: [
      {
        file: `${services}/run-task.ts`,
        on: "isClosed(change.project) || !holdsTask(current, task.attempt)",
        off: "current === undefined",
      },
      anyTaskMove,
    ],
  },
  {
    name: "heartbeats",
    set: "watch",
    edits: [{ file: `${services}/hold-task.ts`, on: "beatMs(deps.leaseMs)", off: "3_600_000" }],
  },
  {
    name: "heartbeats do not overwrite",
    set: "seeds",
    edits: [
      {
        file: `${adapters}/tasks.ts`,
        on: '"rev = :rev"',
        off: '"rev = :rev OR attribute_exists(pk)"',
      },
    ],
  },
  {
    name: "request condition",
    set: "seeds",
    edits: [
      { file: `${decisions}/respond.ts`, on: 'request.status !== "pending"', off: "false" },
      anyRequestMove,
    ],
  },
  {
    name: "only over the revision that was read",
    set: "seeds",
    edits: [
      {
        file: `${adapters}/write-change.ts`,
        on: `{
          ConditionExpression: "rev = :rev",
          ExpressionAttributeValues: { ":rev": item.rev - 1 },
        }`,
        off: "{}",
      },
    ],
  },
  {
    name: "sequence in the same transaction",
    set: "full",
    fault: "kill before",
    edits: [
      {
        file: `${adapters}/write-change.ts`,
        on: "(log ? [{ Put: { TableName, Item: log, ConditionExpression: absent } }] : [])",
        off: "[]",
      },
      {
        file: `${adapters}/write-change.ts`,
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
        file: `${services}/commit.ts`,
        on: "await deps.wasWritten(attempt.sealed)",
        off: "false",
      },
    ],
  },
  {
    name: "idempotency record",
    set: "full",
    fault: "kill after",
    edits: [
      { file: `${services}/once.ts`, on: "!receipt", off: "true" },
      { file: `${services}/caller.ts`, on: "call.receipt", off: "undefined" },
    ],
  },
  {
    name: "the answer is kept in the same transaction",
    set: "full",
    fault: "kill after",
    edits: [
      {
        file: "functions/parts/store.ts",
        on: "kept && idempotency.receiptWrite(table, kept.receipt, kept.body, now().getTime())",
        off: "undefined",
      },
    ],
  },
  {
    name: "chores are done",
    set: "commands",
    edits: [
      { file: `${services}/chores.ts`, on: "await chores[project.chore](deps, key)", off: "null" },
    ],
  },
  {
    name: "subscribe before read",
    set: "watch",
    fault: "stall before",
    edits: [
      {
        file: `${services}/socket-replay.ts`,
        on: "await replayLog(deps, subscription, subscription, { after: told, event_types })",
        off: "null",
      },
    ],
  },
  {
    name: "sockets that open are given time",
    set: "watch",
    fault: "stall after",
    edits: [
      {
        file: `${services}/socket-replay.ts`,
        on: 'posted !== "gone" || deps.now().getTime() >= settled',
        off: "true",
      },
    ],
  },
  {
    name: "410 clean-up",
    set: "full",
    fault: "gone by name",
    edits: [
      {
        file: `${services}/broadcast.ts`,
        on: 'posted === "gone" && !isYoung(subscription, deps.now())',
        off: "false",
      },
    ],
  },
];
