import { expect, test } from "vitest";
import { addMs } from "../../../lib/domain/common.ts";
import { statusOf } from "../../../lib/domain/project/agent.ts";
import { expireLease, type Failure, failAttempt } from "../../../lib/domain/task/fail-attempt.ts";
import { mayStart } from "../../../lib/domain/task/run-task.ts";
import type { TaskRecord } from "../../../lib/domain/task/task.ts";
import {
  aChange,
  aHandoff,
  aMoment,
  anId,
  aWorkingTask,
  decided,
  now,
  nowPlus,
} from "../../support/builders.ts";

const baseMs = 1_000;
const error = { code: "model_down", message: "The model did not answer." };

const fail = (fields: Partial<TaskRecord>, failure: Partial<Failure> = {}) => {
  const task = aWorkingTask({ updated_at: nowPlus(-9), ...fields });
  const before = aChange({
    project: { agents: { coder: { working: [task.task_id], at: now } } },
    tasks: [task],
  });
  const whole = { error, retryable: true, reason: "failed" as const, ...failure };
  return decided(before, failAttempt(task, whole, baseMs, aMoment()));
};

test.each([
  { attempt: 1, max_attempts: 3, delay_ms: 1_000 },
  { attempt: 2, max_attempts: 3, delay_ms: 2_000 },
  { attempt: 2, max_attempts: 4, delay_ms: 1_000 },
  { attempt: 3, max_attempts: 4, delay_ms: 2_000 },
  { attempt: 4, max_attempts: 6, delay_ms: 1_000 },
  { attempt: 5, max_attempts: 6, delay_ms: 2_000 },
])("attempt $attempt of $max_attempts comes back after $delay_ms ms", (row) => {
  const { delay_ms, attempt, max_attempts } = row;
  const after = fail({
    attempt,
    max_attempts,
    progress_percentage: 50,
    enqueue_count: 2,
    enqueued_at: now,
  });
  const task = after.tasks[anId(10)] as TaskRecord;
  expect(task).toMatchObject({
    status: "pending",
    updated_at: now,
    attempt,
    error,
    progress_percentage: 0,
    lease_until: null,
    not_before: addMs(now, delay_ms),
    enqueue_count: 0,
    enqueued_at: null,
  });
  expect(mayStart(task, addMs(now, delay_ms - 1))).toBe(false);
  expect(mayStart(task, addMs(now, delay_ms))).toBe(true);
  expect(after.events[0]).toMatchObject({
    event_type: "task_retry_scheduled",
    data: { attempt, delay_ms, reason: "failed", error },
  });
  expect(after.project.agents.coder).toEqual({ at: now });
});

test.each([
  { name: "the last attempt", fields: { attempt: 3 }, failure: {} },
  { name: "a failure that no retry cures", fields: { attempt: 1 }, failure: { retryable: false } },
])("after $name the task fails and the human is asked", ({ fields, failure }) => {
  const after = fail({ ...fields, handoff: aHandoff() }, failure);
  const [request] = Object.values(after.requests);
  expect(after.tasks[anId(10)]).toMatchObject({
    status: "failed",
    updated_at: now,
    error,
    completed_at: now,
    lease_until: null,
    handoff: { status: "rejected" },
    pending_request: request?.request_id,
  });
  expect(request).toMatchObject({
    kind: "failure",
    status: "pending",
    options: ["retry", "skip", "cancel"],
    question: expect.stringContaining(error.message),
  });
  expect(after.events.map(({ event_type }) => event_type)).toEqual([
    "task_failed",
    "agent_status_change",
    "hitl_request_created",
  ]);
  expect(statusOf(anId(1), "coder", after.project.agents.coder)).toMatchObject({
    status: "error",
    error_message: error.message,
    current_task_id: null,
  });
  expect(after.project.status).toBe("active");
});

test("a lapsed lease is over at once, without a delay", () => {
  const task = aWorkingTask({ attempt: 2 });
  const after = decided(aChange({ tasks: [task] }), expireLease(task, aMoment()));
  expect(after.tasks[anId(10)]).toMatchObject({ status: "pending", not_before: now });
  expect(after.events[0]?.data).toMatchObject({ reason: "lease_expired", delay_ms: 0 });
});

test("the last lapsed lease asks the human", () => {
  const task = aWorkingTask({ attempt: 3 });
  const after = decided(aChange({ tasks: [task] }), expireLease(task, aMoment()));
  expect(after.tasks[anId(10)]).toMatchObject({
    status: "failed",
    error: { code: "lease_expired" },
  });
  expect(after.project.counts).toMatchObject({ open: 0, pending_requests: 1 });
});
