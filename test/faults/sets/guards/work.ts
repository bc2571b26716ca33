import type { Guard } from "./guard.ts";

/** The state machine stands behind other guards: it goes off with them. */
const anyTaskMove = { "moves of a task": "taskMoves[name].to" };

/** What keeps tasks from being lost, or done by two. */
export const workGuards: readonly Guard[] = [
  {
    name: "sweeper",
    set: "full",
    fault: "kill before",
    places: {
      sweeper: "[]",
    },
  },
  {
    name: "what is due is in the index",
    set: "full",
    fault: "kill before",
    places: {
      "what is due is in the index": "null",
    },
  },
  {
    name: "leases end",
    set: "full",
    fault: "kill before",
    places: {
      "leases end": "false",
    },
  },
  {
    name: "claim condition",
    set: "full",
    fault: "redeliver",
    places: {
      "claim condition": "true",
      ...anyTaskMove,
    },
  },
  {
    name: "nothing starts in a project that does not run",
    set: "commands",
    places: {
      "nothing starts in a project that does not run": "true",
    },
  },
  {
    name: "fencing",
    set: "full",
    fault: "freeze",
    places: {
      fencing: 'task?.status === "working"',
    },
  },
  {
    name: "completion condition",
    set: "full",
    fault: "freeze",
    places: {
      "completion condition": "change.tasks[task.task_id]",
      ...anyTaskMove,
    },
  },
  {
    name: "heartbeats",
    set: "watch",
    places: {
      heartbeats: "3_600_000",
    },
  },
  {
    name: "heartbeats do not overwrite",
    set: "money",
    fault: "freeze",
    places: {
      "heartbeats do not overwrite": '(String(Item.sk).startsWith("TASK#") ? {} : atRevision(rev))',
    },
  },
  {
    name: "follow-ups are done",
    set: "commands",
    places: {
      "follow-ups are done": "null",
    },
  },
];
