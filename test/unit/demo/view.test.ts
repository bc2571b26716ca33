import { expect, test } from "vitest";
import type { Event } from "../../../lib/domain/events.ts";
import { emptyView, isOver } from "../../../localstack/demo/view.ts";
import {
  answered,
  asked,
  completed,
  contextId,
  created,
  logOf,
  moment,
  started,
  taskId,
  viewOf,
  wrote,
} from "./builders.ts";

const progress = (task: string, progress_percentage: number) =>
  ({
    event_type: "task_progress",
    task,
    data: { attempt: 1, progress_percentage, message: "Half" },
  }) as const;

const said = (task: string, message: string) =>
  ({ event_type: "agent_chat_message", task, data: { message } }) as const;

const error = { code: "offline_failure", message: "It broke." };

test("a task goes from pending over working to completed", () => {
  const log = logOf(created("a"), started("a"), progress("a", 50), said("a", "Hm"), completed("a"));
  const states = log.map((_, index) => {
    const task = viewOf(log.slice(0, index + 1)).tasks[taskId("a")];
    return `${task?.state} ${task?.percentage}`;
  });

  expect(states).toEqual(["pending 0", "working 0", "working 50", "working 50", "completed 100"]);
  expect(viewOf(log).tasks[taskId("a")]).toMatchObject({ agent: "coder", says: ["Hm"] });
});

test("a fresh attempt begins at nothing and forgets what the last one said", () => {
  const retry = {
    event_type: "task_retry_scheduled",
    task: "a",
    data: { attempt: 1, delay_ms: 1_000, reason: "failed", error },
  } as const;
  const before = [created("a"), started("a"), progress("a", 50), said("a", "Hm"), retry] as const;

  expect(viewOf(logOf(...before)).tasks[taskId("a")]).toMatchObject({
    state: "pending",
    percentage: 0,
  });
  expect(viewOf(logOf(...before, started("a"))).tasks[taskId("a")]?.says).toEqual([]);
});

test.each([
  [{ event_type: "task_failed", task: "a", data: { attempt: 3, error } }, "failed"],
  [{ event_type: "task_cancelled", task: "a", data: { attempt: 1, reason: "No" } }, "cancelled"],
  [asked("a"), "waiting"],
] as const)("after %j the task is %s", (event, state) => {
  expect(viewOf(logOf(created("a"), started("a"), event)).tasks[taskId("a")]?.state).toBe(state);
});

test("a gate after a completed task leaves the task completed", () => {
  const view = viewOf(logOf(created("a"), started("a"), completed("a"), asked("a")));

  expect(view.tasks[taskId("a")]?.state).toBe("completed");
  expect(view.gates).toHaveLength(1);
});

test("an answer closes its gate, and the time between counts as waiting", () => {
  const view = viewOf(logOf(asked("a"), created("b"), created("c"), answered("a")));

  expect(view.gates).toEqual([]);
  expect(view.waitedMs).toBe(3_000);
});

test("an expired request closes its gate", () => {
  const expired = {
    event_type: "hitl_expired",
    task: "a",
    data: { request_id: asked("a").data.request_id, status: "expired", reason: "Too late" },
  } as const;

  expect(viewOf(logOf(asked("a"), expired)).gates).toEqual([]);
});

test.each([
  ["project_paused", "paused", false],
  ["project_resumed", "active", false],
  ["project_halted", "halted", false],
  ["project_completed", "completed", true],
  ["project_cancelled", "cancelled", true],
] as const)("%s makes the project %s", (event, status, over) => {
  const view = viewOf(logOf(created("a"), moment(event, "why")));

  expect(view).toMatchObject({ status, reason: "why" });
  expect(isOver(view)).toBe(over);
  expect(view.ended_at !== null).toBe(over);
});

test("of an artifact's versions the last counts; a deleted one is gone", () => {
  const deleted = {
    event_type: "artifact_deleted",
    data: { context_id: contextId, version: 2 },
  } as const;
  const versions = [wrote(1), wrote(2, "artifact_updated")] as const;

  expect(viewOf(logOf(...versions)).artifacts[contextId]).toMatchObject({ version: 2 });
  expect(viewOf(logOf(...versions, deleted)).artifacts).toEqual({});
});

test("an event of an unknown type only counts", () => {
  const unknown = { seq: 7, event_type: "from_the_future", data: {} } as unknown as Event;

  expect(viewOf([unknown])).toEqual({ ...emptyView, last: 7 });
});

test("events of a task that is not known change nothing", () => {
  expect(viewOf(logOf(started("a"))).tasks).toEqual({});
});
