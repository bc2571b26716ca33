import { expect, test } from "vitest";
import { tagOf } from "../../../lib/contracts/etags.ts";
import { taskDue } from "../../../lib/domain/task/task.ts";
import {
  anArtifact,
  aProject,
  aRequest,
  aTask,
  aWorkingTask,
  nowPlus,
} from "../../support/builders.ts";

test.each([
  { name: "a working task when its lease is over", task: aWorkingTask(), due: nowPlus(60) },
  { name: "a pending one 30 s after it became so", task: aTask(), due: nowPlus(30) },
  {
    name: "a delayed one 30 s after its delay",
    task: aTask({ not_before: nowPlus(4) }),
    due: nowPlus(34),
  },
  {
    name: "one that was enqueued again, twice as late",
    task: aTask({ enqueue_count: 1, enqueued_at: nowPlus(30) }),
    due: nowPlus(90),
  },
  {
    name: "… and again",
    task: aTask({ enqueue_count: 2, enqueued_at: nowPlus(90) }),
    due: nowPlus(210),
  },
  {
    name: "… but after 5 minutes at the latest",
    task: aTask({ enqueue_count: 9, enqueued_at: nowPlus(90) }),
    due: nowPlus(390),
  },
  {
    name: "one told before its delay is over, after the delay",
    task: aTask({ not_before: nowPlus(50), enqueued_at: nowPlus(1) }),
    due: nowPlus(80),
  },
  { name: "no waiting one", task: aTask({ status: "waiting_for_hitl" }), due: null },
  { name: "no completed one", task: aTask({ status: "completed" }), due: null },
  { name: "no failed one", task: aTask({ status: "failed" }), due: null },
  { name: "no cancelled one", task: aTask({ status: "cancelled" }), due: null },
])("somebody looks after $name", ({ task, due }) => {
  expect(taskDue(task)).toBe(due);
});

test("a task may be enqueued again sooner, and the later times with it", () => {
  expect(taskDue(aTask(), 1_000)).toBe(nowPlus(1));
  expect(taskDue(aTask({ enqueue_count: 9, enqueued_at: nowPlus(90) }), 1_000)).toBe(nowPlus(100));
});

test.each([
  {
    name: "a project's head",
    one: tagOf.project(aProject({ head: 1 })),
    two: tagOf.project(aProject({ head: 11 })),
  },
  {
    name: "a task's status",
    one: tagOf.task(aTask()),
    two: tagOf.task(aTask({ status: "cancelled" })),
  },
  { name: "a task's attempt", one: tagOf.task(aTask()), two: tagOf.task(aTask({ attempt: 1 })) },
  {
    name: "a task's progress",
    one: tagOf.task(aTask()),
    two: tagOf.task(aTask({ progress_percentage: 1 })),
  },
  {
    name: "a task's change",
    one: tagOf.task(aTask()),
    two: tagOf.task(aTask({ updated_at: nowPlus(1) })),
  },
  {
    name: "an artifact's version",
    one: tagOf.artifact(anArtifact()),
    two: tagOf.artifact(anArtifact({ version: 2 })),
  },
  {
    name: "a request's status",
    one: tagOf.request(aRequest()),
    two: tagOf.request(aRequest({ status: "expired" })),
  },
])("another tag for $name", ({ one, two }) => {
  expect(one).not.toBe(two);
});

test("the same state has the same tag, whatever the backend notes beside it", () => {
  const noted = aTask({
    rev: 9,
    enqueue_count: 3,
    enqueued_at: nowPlus(9),
    lease_until: nowPlus(9),
  });
  expect(tagOf.task(noted)).toBe(tagOf.task(aTask()));
});
