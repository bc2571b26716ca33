import type { Edit, Guard } from "./guard.ts";

/** The state machine stands behind other guards: it goes off with them. */
const anyTaskMove: Edit = {
  file: "lib/domain/task/task.ts",
  on: 'move("task", taskMoves, status, name)',
  off: "taskMoves[name].to",
};

/** What keeps tasks from being lost, or done by two. */
export const workGuards: readonly Guard[] = [
  {
    name: "sweeper",
    set: "full",
    fault: "kill before",
    edits: [
      {
        file: "lib/services/sweeper/sweep.ts",
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
        file: "lib/domain/records.ts",
        on: "taskDue(task, enqueueAgainMs)",
        off: "null",
      },
    ],
  },
  {
    name: "leases end",
    set: "full",
    fault: "kill before",
    edits: [
      {
        file: "lib/domain/task/run-task.ts",
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
        file: "lib/domain/task/run-task.ts",
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
        file: "lib/services/worker/claim-task.ts",
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
        file: "lib/domain/task/run-task.ts",
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
        file: "lib/services/worker/finish-task.ts",
        on: "isClosed(change.project) || !holdsTask(current, task.attempt)",
        off: "current === undefined",
      },
      anyTaskMove,
    ],
  },
  {
    name: "heartbeats",
    set: "watch",
    edits: [
      { file: "lib/services/worker/hold-lease.ts", on: "beatMs(deps.leaseMs)", off: "3_600_000" },
    ],
  },
  {
    name: "heartbeats do not overwrite",
    set: "money",
    fault: "freeze",
    edits: [
      {
        file: "lib/adapters/dynamodb/put-at-revision.ts",
        on: "atRevision(rev)",
        off: '(String(Item.sk).startsWith("TASK#") ? {} : atRevision(rev))',
      },
    ],
  },
  {
    name: "follow-ups are done",
    set: "commands",
    edits: [
      {
        file: "lib/services/commit/follow-ups.ts",
        on: "await followUps[follow_up.kind](deps, place)",
        off: "null",
      },
    ],
  },
];
