import { expect, test } from "vitest";
import { AgentError } from "../../../lib/agents/context.ts";
import {
  aChange,
  anArtifact,
  anId,
  aStepTask,
  aTask,
  atStep,
  aWorkingTask,
  nowPlus,
} from "../../support/builders.ts";
import { type Given, handle, output } from "./worker.ts";

const delivers = async () => output;

test("an agent's output ends the task, and the renewals of its lease", async () => {
  const { outcome, task, kept, stored, beating } = await handle(delivers);
  expect(outcome).toBe("completed");
  expect(task).toMatchObject({ status: "completed", attempt: 1, output: { version: 1 } });
  expect(Object.values(stored.state().artifacts)).toMatchObject([
    { artifact_metadata: { task_id: anId(10), attempt: 1, confidence: 0.9 } },
  ]);
  expect(kept).toEqual(["A haiku"]);
  expect(stored.log.map(({ actor }) => actor.type)).not.toContain("user");
  expect(beating).toBe(0);
});

test.each([
  { says: {}, next: "deployment" },
  { says: { tests_passed: true }, next: "deployment" },
  { says: { tests_passed: false }, next: "bug_fix" },
])("after tests that say $says comes $next", async ({ says, next }) => {
  const task = aStepTask("code_testing", { status: "pending", attempt: 0, lease_until: null });
  const project = { ...atStep(task), oversight_level: "low" } as const;
  const { stored } = await handle(async () => ({ ...output, ...says }), { task, project });
  expect(stored.state().project.step).toBe(next);
});

test("a question makes the task wait", async () => {
  const { outcome, task, stored } = await handle(async () => ({
    kind: "question",
    question: "Which database?",
    options: ["SQLite"],
  }));
  expect(outcome).toBe("asked");
  expect(task?.status).toBe("waiting_for_hitl");
  expect(Object.values(stored.state().requests)).toMatchObject([
    { kind: "question", question: "Which database?", options: ["SQLite"] },
  ]);
});

test.each([
  { name: "an unknown error", error: new Error("Boom"), status: "pending", code: "agent_error" },
  {
    name: "a passing one",
    error: new AgentError("down", "Down", { retryable: true }),
    status: "pending",
    code: "down",
  },
  {
    name: "one that no retry cures",
    error: new AgentError("refused", "No", { retryable: false }),
    status: "failed",
    code: "refused",
  },
])("$name: the task is $status", async ({ error, status, code }) => {
  const { outcome, task, beating } = await handle(async () => {
    throw error;
  });
  expect(outcome).toBe("failed");
  expect(task).toMatchObject({ status, error: { code }, attempt: 1 });
  expect(beating).toBe(0);
});

test("an agent that ignores the timeout cannot hold the worker", async () => {
  const { outcome, task } = await handle(async (_request, tools) => {
    await tools.sleep(1);
    return new Promise(() => undefined);
  });
  expect(outcome).toBe("failed");
  expect(task).toMatchObject({ status: "pending", error: { code: "timeout" } });
});

test("nor one that starts when the time is over already", async () => {
  const { outcome, task } = await handle(() => new Promise(() => undefined), { late: true });
  expect(outcome).toBe("failed");
  expect(task).toMatchObject({ status: "pending", error: { code: "timeout" } });
});

test("an output that cannot be kept for now costs no attempt", async () => {
  const { outcome, task, kept, requests } = await handle(delivers, { keeping: 3 });
  expect(outcome).toBe("completed");
  expect(task).toMatchObject({ status: "completed", attempt: 1 });
  expect([kept.length, requests.length]).toEqual([1, 1]);
});

test("an output that cannot be kept at all is not the agent's fault, and not its timeout", async () => {
  const { outcome, task } = await handle(delivers, { keeping: 10 });
  expect(outcome).toBe("failed");
  expect(task?.error).toEqual({
    code: "dependency_down",
    message: "A service that the backend needs did not answer.",
  });
});

test("an output that is too large fails for good", async () => {
  const { task } = await handle(async () => ({ ...output, content: "x".repeat(256 * 1_024) }));
  expect(task).toMatchObject({ status: "failed", error: { code: "output_too_large" } });
});

test.each([
  { name: "done", task: aTask({ status: "completed" }) },
  { name: "held by another worker", task: aWorkingTask() },
  { name: "waiting for a person", task: aTask({ status: "waiting_for_hitl" }) },
  { name: "in a paused project", task: aTask(), project: { status: "paused" } },
  { name: "in a halted project", task: aTask(), project: { status: "halted" } },
  { name: "in a closed project", task: aTask(), project: { status: "cancelled" } },
  { name: "gone", task: aTask({ task_id: anId(11) }) },
] as (Given & { name: string })[])(
  "a message about a task that is $name changes nothing",
  async (given) => {
    const { outcome, stored, requests } = await handle(delivers, given);
    expect(outcome).toBe("skipped");
    expect([stored.commits(), requests]).toEqual([0, []]);
  },
);

test("a message that comes before the task is due is sent again, for when it is", async () => {
  const { outcome, stored, sent } = await handle(delivers, {
    task: aTask({ not_before: nowPlus(1) }),
  });
  expect(outcome).toBe("early");
  expect([stored.commits(), sent]).toEqual([0, [1_000]]);
});

test.each([
  { name: "confidence beyond 1", result: { ...output, confidence: 1.2 } },
  { name: "no summary", result: { ...output, summary: undefined } },
  { name: "an empty question", result: { kind: "question", question: "" } },
])("an answer with $name is a failed attempt, and is not kept", async ({ result }) => {
  const { outcome, task, kept } = await handle(async () => result as typeof output);
  expect(outcome).toBe("failed");
  expect(task).toMatchObject({ status: "pending", error: { code: "invalid_result" } });
  expect(kept).toEqual([]);
});

test("a task whose lease is over is claimed, with the next attempt", async () => {
  const task = aWorkingTask({ lease_until: nowPlus(-1) });
  const { outcome, task: after, log } = await handle(delivers, { task });
  expect(outcome).toBe("completed");
  expect(after?.attempt).toBe(2);
  expect(log.slice(0, 2)).toEqual(["task_retry_scheduled", "task_started"]);
});

test("a task whose lease is over is not run again without attempts left", async () => {
  const task = aWorkingTask({ lease_until: nowPlus(-1), attempt: 3 });
  const { outcome, task: after, requests } = await handle(delivers, { task });
  expect(outcome).toBe("skipped");
  expect(after).toMatchObject({ status: "failed", error: { code: "lease_expired" } });
  expect(requests).toEqual([]);
});

test("a step that the workflow no longer has fails the project, and says why", async () => {
  const task = aTask({ step: "poetry" });
  const { outcome, stored, log } = await handle(delivers, { task, project: atStep(task) });
  expect(outcome).toBe("skipped");
  expect(stored.state().project).toMatchObject({
    status: "failed",
    follow_up: { kind: "close_open" },
  });
  expect(log).toEqual(["error", "workflow_event"]);
});

test("the agent knows the project, the task, its context and what a person answered", async () => {
  const content_id = anId(31);
  const said = { question: "Which?", action: "amend" as const, content_id, comment: "Please" };
  const task = aTask({ context_ids: [anId(30), content_id], answers: [said] });
  const artifacts = [
    anArtifact({ updated_at: nowPlus(-5), version: 3 }),
    anArtifact({ context_id: content_id, artifact_type: "hitl_response", source_agent: "user" }),
  ];
  const start = aChange({ project: { failed_test_runs: 2 }, tasks: [task], artifacts });
  const { requests } = await handle(delivers, { start });
  expect(requests).toMatchObject([
    {
      project: { id: anId(1), name: "Cookbook" },
      task: {
        task_id: anId(10),
        name: "Write a haiku",
        agent_type: "coder",
        instructions: "Write a haiku about queues.",
        attempt: 1,
        output_type: "agent_output",
      },
      failed_test_runs: 2,
      context: [
        { context_id: anId(30), version: 3, content: "Earlier work" },
        { context_id: content_id, source_agent: "user" },
      ],
      answers: [
        { question: "Which?", action: "amend", comment: "Please", content: "Earlier work" },
      ],
    },
  ]);
});
