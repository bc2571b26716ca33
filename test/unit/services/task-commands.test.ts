import { expect, test } from "vitest";
import type { Call } from "../../../lib/contracts/call.ts";
import { openRequest } from "../../../lib/services/requests/open-request.ts";
import { cancel, createTask, retry } from "../../../lib/services/tasks/task-commands.ts";
import { aChange, anArtifact, anId, aRequest, aTask } from "../../support/builders.ts";
import { perform } from "../../support/perform.ts";
import { aStoredProject } from "./stored-project.ts";

const call: Call = {
  tenant: "local",
  user_id: "ann",
  roles: ["operator"],
  correlation_id: "call-1",
};
const named = { project_id: anId(1), task_id: anId(10) };
const input = {
  project_id: anId(1),
  agent_type: "coder",
  instructions: "Write a haiku.\nAbout queues.",
  context_ids: [],
  priority: 3,
} as const;
const closed = ["completed", "failed", "cancelled"] as const;

test("a task outside the workflow is created, pending", async () => {
  const stored = aStoredProject(aChange({ artifacts: [anArtifact()] }));
  const task = await perform(stored, createTask({ ...input, context_ids: [anId(30)] }), call);
  expect(task).toMatchObject({
    name: "Write a haiku.",
    status: "pending",
    phase: null,
    context_ids: [anId(30)],
    handoff: null,
  });
  expect(stored.state().tasks[task.task_id]).toMatchObject({
    step: null,
    output_type: "agent_output",
    correlation_id: "call-1",
  });
  expect(stored.log).toMatchObject([{ event_type: "task_created", actor: { id: "ann" } }]);
});

test.each([
  { name: "given", fields: { name: "Haiku" }, is: "Haiku" },
  { name: "the first line", fields: { instructions: "\n  One\nTwo" }, is: "One" },
  { name: "not too long", fields: { instructions: "x".repeat(99) }, is: "x".repeat(80) },
])("a task's name is $name", async ({ fields, is }) => {
  expect(
    (await perform(aStoredProject(aChange()), createTask({ ...input, ...fields }), call)).name,
  ).toBe(is);
});

test("a task's name is not truncated within a character", async () => {
  const instructions = `${"x".repeat(79)}😀`;
  const { name } = await perform(
    aStoredProject(aChange()),
    createTask({ ...input, instructions }),
    call,
  );
  expect(name.isWellFormed()).toBe(true);
  expect(name.length).toBeLessThanOrEqual(80);
});

test("context that is not the project's is refused, with a pointer", async () => {
  const stored = aStoredProject(aChange({ artifacts: [anArtifact()] }));
  const context_ids = [anId(30), anId(31)];
  await expect(perform(stored, createTask({ ...input, context_ids }), call)).rejects.toMatchObject({
    code: "invalid-request",
    extensions: { errors: [{ pointer: "#/body/context_ids/1" }] },
  });
  expect(stored.commits()).toBe(0);
});

test.each(closed)("in a project that is %s nothing can be done", async (status) => {
  const stored = aStoredProject(
    aChange({ project: { status }, tasks: [aTask({ status: "failed" })] }),
  );
  const refused = { code: "conflict" };
  await expect(perform(stored, createTask(input), call)).rejects.toMatchObject(refused);
  await expect(perform(stored, cancel(named), call)).rejects.toMatchObject(refused);
  await expect(perform(stored, retry(named), call)).rejects.toMatchObject(refused);
  await expect(
    perform(
      stored,
      openRequest({ ...named, question: "Which?", options: [], context_ids: [] }),
      call,
    ),
  ).rejects.toMatchObject(refused);
  expect(stored.commits()).toBe(0);
});

test.each([
  { status: "pending", cancels: true, retries: false },
  { status: "working", cancels: true, retries: false },
  { status: "waiting_for_hitl", cancels: true, retries: false },
  { status: "completed", cancels: false, retries: false },
  { status: "failed", cancels: false, retries: true },
  { status: "cancelled", cancels: false, retries: true },
] as const)("a $status task: cancel $cancels, retry $retries", async (row) => {
  const stored = () => aStoredProject(aChange({ tasks: [aTask({ status: row.status })] }));
  const outcome = (run: Promise<{ status: string }>) =>
    run.then(({ status }) => status).catch(({ code }) => code);
  expect(await outcome(perform(stored(), cancel(named), call))).toBe(
    row.cancels ? "cancelled" : "conflict",
  );
  expect(await outcome(perform(stored(), retry(named), call))).toBe(
    row.retries ? "pending" : "conflict",
  );
});

test.each([cancel, retry])(
  "the request that waits about the task is closed (%#)",
  async (change) => {
    const status = change === cancel ? "waiting_for_hitl" : "failed";
    const task = aTask({ status, pending_request: anId(20) });
    const stored = aStoredProject(aChange({ tasks: [task], requests: [aRequest()] }));
    await perform(stored, change(named), call);
    expect(stored.state().requests[anId(20)]?.status).toBe("cancelled");
  },
);

test("a task of no project is not found", async () => {
  await expect(perform(aStoredProject(aChange()), cancel(named), call)).rejects.toMatchObject({
    code: "not-found",
  });
});

test("a request shows the artifacts as they were when it was opened", async () => {
  const artifacts = [anArtifact({ version: 4 })];
  const stored = aStoredProject(aChange({ tasks: [aTask()], artifacts }));
  const ask = { ...named, question: "Which?", options: ["a"], context_ids: [anId(30)] };
  const request = await perform(stored, openRequest(ask), call);
  expect(request).toMatchObject({
    question: "Which?",
    options: ["a"],
    status: "pending",
    context_ids: [{ context_id: anId(30), version: 4, sha256: "a".repeat(64) }],
    history: [{ action: "created", user_id: "ann" }],
  });
  expect(stored.state().tasks[anId(10)]?.status).toBe("waiting_for_hitl");
});
