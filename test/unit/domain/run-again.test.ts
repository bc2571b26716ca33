import { expect, test } from "vitest";
import { askHuman } from "../../../lib/domain/request/ask-human.ts";
import { cancelTask } from "../../../lib/domain/task/cancel-task.ts";
import { runAgain } from "../../../lib/domain/task/run-again.ts";
import type { TaskRecord, TaskStatus } from "../../../lib/domain/task/task.ts";
import {
  aChange,
  aHandoff,
  aMoment,
  anId,
  anOutput,
  aRequest,
  aTask,
  aWorkingTask,
  decided,
  now,
  nowPlus,
} from "../../support/builders.ts";

const pending_request = anId(20);
const withRequest = (task: TaskRecord, rejected: string[] = []) =>
  aChange({
    project: { rejected, agents: { coder: { waiting: [task.task_id], at: now } } },
    tasks: [task],
    requests: [aRequest()],
  });

test.each([
  { move: "go_on", status: "waiting_for_hitl", reason: "answered" },
  { move: "retry", status: "failed", reason: "retried" },
  { move: "retry", status: "cancelled", reason: "retried" },
  { move: "run_again", status: "completed", reason: "amended" },
  { move: "run_again", status: "failed", reason: "resumed" },
  { move: "run_again", status: "waiting_for_hitl", reason: "resumed" },
] as const)("$move of a $status task makes it pending again", ({ move, status, reason }) => {
  const handoff = aHandoff({ status: "completed", accepted_at: now, completed_at: now });
  const task = aTask({
    status,
    handoff,
    attempt: 2,
    output: anOutput(),
    completed_at: now,
    progress_percentage: 80,
    error: { code: "x", message: "y" },
    not_before: now,
    enqueue_count: 3,
    enqueued_at: now,
  });
  const moment = aMoment({ now: nowPlus(9), correlation_id: "call-2" });
  const after = decided(aChange({ tasks: [task] }), runAgain(task, { move, reason }, moment));
  expect(after.tasks[anId(10)]).toMatchObject({
    status: "pending",
    attempt: 2,
    max_attempts: 5,
    progress_percentage: 0,
    output: anOutput(),
    error: null,
    completed_at: null,
    not_before: null,
    enqueue_count: 0,
    enqueued_at: null,
    updated_at: nowPlus(9),
    correlation_id: "call-2",
    handoff: { status: "pending", accepted_at: null, completed_at: null },
  });
  expect(after.events[0]).toMatchObject({
    event_type: "task_retry_scheduled",
    data: { attempt: 2, delay_ms: 0, reason, error: null },
  });
});

test("a retry closes the request that asked about the failure, and takes the task off the rejected", () => {
  const task = aTask({ status: "failed", pending_request });
  const after = decided(
    withRequest(task, [anId(10), anId(11)]),
    runAgain(task, { move: "retry", reason: "retried" }, aMoment()),
  );
  expect(after.requests[anId(20)]?.status).toBe("cancelled");
  expect(after.tasks[anId(10)]).toMatchObject({ status: "pending", pending_request: null });
  expect(after.project.rejected).toEqual([anId(11)]);
});

test.each(["pending", "working", "waiting_for_hitl", "failed"] as const)(
  "a %s task can be cancelled, with its request and its handoff",
  (status) => {
    const handoff = aHandoff({ status: "accepted" });
    const task = aTask({ status, handoff, pending_request, lease_until: now, not_before: now });
    const after = decided(
      withRequest(task, [anId(10)]),
      cancelTask(task, "Cancelled by ann.", aMoment()),
    );
    expect(after.tasks[anId(10)]).toMatchObject({
      status: "cancelled",
      completed_at: now,
      pending_request: null,
      lease_until: null,
      not_before: null,
      handoff: { status: "rejected" },
    });
    expect(after.requests[anId(20)]).toMatchObject({
      status: "cancelled",
      history: [{ action: "created" }, { action: "cancel", comment: "Cancelled by ann." }],
    });
    expect(after.project).toMatchObject({ rejected: [], agents: { coder: { at: now } } });
    expect(after.project.agents.coder).not.toHaveProperty("waiting");
    expect(after.events.map(({ event_type }) => event_type)).toEqual([
      "hitl_expired",
      "agent_status_change",
      "task_cancelled",
    ]);
  },
);

test.each(["rejected", "completed"] as const)("a handoff that is %s stays so", (status) => {
  const task = aTask({ status: "failed", handoff: aHandoff({ status }) });
  const after = decided(aChange({ tasks: [task] }), cancelTask(task, "Enough.", aMoment()));
  expect(after.tasks[anId(10)]?.handoff?.status).toBe(status);
});

const ask = (task: TaskRecord, expires_in_seconds?: number) =>
  decided(
    aChange({
      project: { agents: { coder: { working: [task.task_id], at: now } } },
      tasks: [task],
    }),
    askHuman(
      task,
      { question: "Which?", options: ["a", "b"], context: [], expires_in_seconds },
      aMoment(),
    ),
  );

test("a question in the middle of a task: the task waits, and its worker loses the claim", () => {
  const after = ask(aWorkingTask({ attempt: 2 }));
  const [request] = Object.values(after.requests);
  expect(after.tasks[anId(10)]).toMatchObject({
    status: "waiting_for_hitl",
    attempt: 2,
    lease_until: null,
    pending_request: request?.request_id,
  });
  expect(request).toMatchObject({
    kind: "question",
    status: "pending",
    question: "Which?",
    options: ["a", "b"],
    expires_at: nowPlus(86_400),
    history: [{ action: "created", user_id: "ann" }],
  });
  expect(after.events.map(({ event_type }) => event_type)).toEqual([
    "hitl_request_created",
    "agent_status_change",
  ]);
});

test("a question about a task that waits for its next attempt ends that wait", () => {
  const after = ask(aTask({ not_before: nowPlus(4) }));
  expect(after.tasks[anId(10)]).toMatchObject({ status: "waiting_for_hitl", not_before: null });
});

test("a question may have a time of its own", () => {
  expect(Object.values(ask(aTask(), 60).requests)[0]?.expires_at).toBe(nowPlus(60));
});

test.each(["waiting_for_hitl", "completed", "failed", "cancelled"] as TaskStatus[])(
  "nothing can be asked about a task that is %s",
  (status) => {
    expect(() => ask(aTask({ status }))).toThrow(expect.objectContaining({ code: "conflict" }));
  },
);
