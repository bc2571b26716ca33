import { expect, test } from "vitest";
import { addMs } from "../../../lib/domain/common.ts";
import {
  holdsTask,
  leaseIsOver,
  mayStart,
  reportProgress,
  startTask,
} from "../../../lib/domain/task/run-task.ts";
import {
  aChange,
  aHandoff,
  aMoment,
  anId,
  aTask,
  aWorkingTask,
  decided,
  now,
  nowPlus,
} from "../../support/builders.ts";

const leaseMs = 60_000;

test("a start takes the task, with a lease and the next attempt", () => {
  const task = aTask({
    attempt: 1,
    error: { code: "x", message: "y" },
    not_before: now,
    enqueue_count: 4,
    enqueued_at: now,
    handoff: aHandoff({ status: "pending" }),
  });
  const after = decided(aChange({ tasks: [task] }), startTask(task, leaseMs, aMoment()));
  expect(after.tasks[anId(10)]).toMatchObject({
    status: "working",
    attempt: 2,
    error: null,
    started_at: now,
    lease_until: nowPlus(60),
    not_before: null,
    enqueue_count: 0,
    enqueued_at: null,
    handoff: { status: "accepted", accepted_at: now },
  });
  expect(after.events.map(({ event_type, data }) => [event_type, data])).toEqual([
    ["task_started", { attempt: 2 }],
    [
      "agent_status_change",
      { status: "working", previous: "idle", current_task_id: anId(10), error_message: null },
    ],
  ]);
});

test("started_at stays that of the first attempt", () => {
  const task = aTask({ attempt: 1, started_at: nowPlus(-90) });
  const after = decided(aChange({ tasks: [task] }), startTask(task, leaseMs, aMoment()));
  expect(after.tasks[anId(10)]?.started_at).toBe(nowPlus(-90));
});

test.each([
  { name: "holder", task: aWorkingTask({ attempt: 2 }), attempt: 2, holds: true },
  {
    name: "worker of an earlier attempt",
    task: aWorkingTask({ attempt: 3 }),
    attempt: 2,
    holds: false,
  },
  {
    name: "worker of a task that waits",
    task: aTask({ status: "waiting_for_hitl", attempt: 2 }),
    attempt: 2,
    holds: false,
  },
  { name: "worker of a task that is gone", task: undefined, attempt: 2, holds: false },
])("the $name holds the task: $holds", ({ task, attempt, holds }) => {
  expect(holdsTask(task, attempt)).toBe(holds);
});

test.each([
  { lease: nowPlus(0), over: true },
  { lease: nowPlus(-1), over: true },
  { lease: addMs(now, 1), over: false },
])("a lease until $lease is over: $over", ({ lease, over }) => {
  expect(leaseIsOver(aWorkingTask({ lease_until: lease }), now)).toBe(over);
  expect(leaseIsOver(aTask({ lease_until: lease }), now)).toBe(false);
});

test.each([
  { task: aTask(), may: true },
  { task: aTask({ not_before: now }), may: true },
  { task: aTask({ not_before: addMs(now, 1) }), may: false },
  { task: aWorkingTask(), may: false },
])("%# a task may start: $may", ({ task, may }) => {
  expect(mayStart(task, now)).toBe(may);
});

test.each([
  { said: 41.9, kept: 41 },
  { said: -3, kept: 0 },
  { said: 100, kept: 99 },
])("progress of $said is kept as $kept and extends the lease", ({ said, kept }) => {
  const task = aWorkingTask({ lease_until: nowPlus(1) });
  const after = decided(
    aChange({ tasks: [task] }),
    reportProgress(task, { percentage: said, message: "Typing" }, leaseMs, aMoment()),
  );
  expect(after.tasks[anId(10)]).toMatchObject({
    progress_percentage: kept,
    lease_until: nowPlus(60),
  });
  expect(after.events.map(({ event_type, data }) => [event_type, data])).toEqual([
    ["task_progress", { attempt: 1, progress_percentage: kept, message: "Typing" }],
    ["agent_chat_message", { message: "Typing" }],
  ]);
});
