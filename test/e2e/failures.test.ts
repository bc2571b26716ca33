import { expect, test } from "vitest";
import {
  approve,
  approveUntil,
  artifactsOf,
  call,
  createProject,
  createTask,
  eventsOf,
  eventsOfType,
  ok,
  pendingRequest,
  requestOf,
  respond,
  sha256,
  statusOf,
  taskOf,
  taskReaches,
  waitFor,
} from "./client.ts";
import type { AgentStatus, Artifact, HitlRequest, Task } from "./model.ts";

const failedTask = async () => {
  const { id } = await createProject();
  const task = await createTask(id, { instructions: "[[fail:always]]" });
  return { id, task, request: await pendingRequest(id) };
};

const askedAgain = (id: string, { request_id }: HitlRequest) =>
  waitFor(
    () => statusOf(id),
    ({ pending_hitl }) => pending_hitl.some((request) => request.request_id !== request_id),
  );

test.each([
  ["[[fail:1]]", 2],
  ["[[fail:2]]", 3],
])("%s is tried again and completes at attempt %i", async (instructions, attempt) => {
  const { id } = await createProject();
  const task = await createTask(id, { instructions });
  expect(await taskReaches(task, "completed", "failed")).toMatchObject({
    status: "completed",
    attempt,
    error: null,
  });
  expect(await eventsOfType(id, "task_retry_scheduled")).toHaveLength(attempt - 1);
  expect(await eventsOfType(id, "hitl_request_created")).toEqual([]);
});

test("a task that fails for good says why and asks", async () => {
  const { id, task, request } = await failedTask();
  expect(await taskOf(task)).toMatchObject({
    status: "failed",
    attempt: 3,
    error: { code: expect.stringMatching(/./), message: expect.stringMatching(/./) },
  });
  expect(request).toMatchObject({ task_id: task.task_id, options: ["retry", "skip", "cancel"] });
  expect(await eventsOfType(id, "task_failed")).toHaveLength(1);
  expect(await eventsOfType(id, "task_retry_scheduled")).toHaveLength(2);
  const coder = (await statusOf(id)).agents.find((agent) => agent.agent_type === "coder");
  expect(coder).toMatchObject({ status: "error", error_message: expect.stringMatching(/./) });
});

test.each([
  ["approve", { action: "approve" }],
  ["amend with retry", { action: "amend", content: "retry" }],
])("%s runs the failed task again", async (_, answer) => {
  const { id, task, request } = await failedTask();
  expect(await respond(request.request_id, answer)).toMatchObject({ status: 200 });
  await askedAgain(id, request);
  expect(await eventsOfType(id, "task_failed")).toHaveLength(2);
  expect((await statusOf(id)).tasks.map(({ task_id }) => task_id)).toEqual([task.task_id]);
});

test("skip lets the workflow go on without the failed task", async () => {
  const description = "[[architect:fail:always]]";
  const { id } = await createProject({ workflow: "sdlc", oversight_level: "low", description });
  const status = await waitFor(
    async () => {
      const now = await statusOf(id);
      for (const { request_id } of now.pending_hitl)
        await ok(`POST /hitl/${request_id}/respond`, { action: "amend", content: "skip" });
      return now;
    },
    (now) => now.status !== "active",
  );
  expect(status).toMatchObject({ status: "completed", current_phase: "launch" });
  const skipped = status.tasks.filter(({ agent_type }) => agent_type === "architect");
  expect(skipped).toHaveLength(2);
  for (const task of skipped) expect(task.status).not.toBe("completed");
});

test("cancel ends it: nothing is asked or run any more", async () => {
  const { id, task, request } = await failedTask();
  await ok(`POST /hitl/${request.request_id}/respond`, { action: "amend", content: "cancel" });
  const { status, pending_hitl } = await statusOf(id);
  expect(pending_hitl).toEqual([]);
  expect([status, (await taskOf(task)).status]).toContain("cancelled");
});

test("reject halts the project", async () => {
  const { id, request } = await failedTask();
  await ok(`POST /hitl/${request.request_id}/respond`, { action: "reject" });
  expect((await statusOf(id)).status).toBe("halted");
});

test("the task's own retry answers the open request", async () => {
  const { id, task, request } = await failedTask();
  await ok(`POST /projects/${id}/tasks/${task.task_id}/retry`);
  await askedAgain(id, request);
  expect((await statusOf(id)).pending_hitl).toHaveLength(1);
  expect((await requestOf(request.request_id)).status).not.toBe("pending");
});

test("an agent in error is reset by hand", async () => {
  const { id } = await failedTask();
  const route = `POST /projects/${id}/agents/coder/reset`;
  expect(await ok<AgentStatus>(route)).toMatchObject({ agent_type: "coder", status: "idle" });
  expect(await call(route)).toMatchObject({ status: 409 });
});

test("a failing step of the workflow asks at every level, and goes on when it works", async () => {
  const description = "[[coder:fail:2]]";
  const { id } = await createProject({ workflow: "sdlc", oversight_level: "low", description });
  const { tasks } = await approveUntil(id, "completed");
  const attempts = (agent: string) =>
    tasks.filter(({ agent_type }) => agent_type === agent).map(({ attempt }) => attempt);
  expect(attempts("coder")).toEqual([3, 3]);
  expect(attempts("architect")).toEqual([1, 1]);
});

test("an agent asks in mid-task, waits, and goes on with the answer", async () => {
  const { id } = await createProject();
  const task = await createTask(id, { instructions: "[[ask:Which database?]]" });
  const request = await pendingRequest(id);
  expect(request).toMatchObject({
    task_id: task.task_id,
    question: expect.stringContaining("Which database?"),
  });
  expect(await taskOf(task)).toMatchObject({ status: "waiting_for_hitl", completed_at: null });
  await respond(request.request_id, { action: "amend", content: "A very small one" });
  await taskReaches(task, "completed");
  expect(await eventsOfType(id, "hitl_request_created")).toHaveLength(1);
});

test("an agent that asks within the workflow does not lose its gate", async () => {
  const description = "[[analyst:ask:Which market?]]";
  const { id } = await createProject({ workflow: "sdlc", description });
  const question = await pendingRequest(id);
  expect(question.question).toContain("Which market?");
  await approve(question.request_id);
  const { pending_hitl } = await askedAgain(id, question);
  expect(pending_hitl).toMatchObject([{ task_id: question.task_id }]);
  const gate = await requestOf(pending_hitl[0]?.request_id ?? "");
  expect(gate.context_ids).toHaveLength(1);
});

test("a large output is kept whole", async () => {
  const { id } = await createProject();
  await taskReaches(await createTask(id, { instructions: "[[bytes:200000]]" }), "completed");
  const [made] = await artifactsOf(id);
  const artifact = await ok<Artifact>(`GET /context/artifacts/${made?.context_id}`);
  expect(JSON.stringify(artifact.content).length).toBeGreaterThan(199_000);
  expect(artifact.sha256).toBe(sha256(artifact.content));
});

test("an output over the limit does not leave the task stuck", async () => {
  const { id } = await createProject();
  const task = await createTask(id, { instructions: "[[bytes:400000]]" });
  const request = await pendingRequest(id);
  expect(request).toMatchObject({ task_id: task.task_id, options: ["retry", "skip", "cancel"] });
  expect(await taskOf(task)).toMatchObject({ status: "failed" });
  expect(await artifactsOf(id)).toEqual([]);
});

test("a low confidence is kept with the work", async () => {
  const { id } = await createProject();
  const task = await createTask(id, { instructions: "[[confidence:0.4]]" });
  const outcome = await taskReaches(task, "completed", "waiting_for_hitl");
  expect(JSON.stringify([outcome, await artifactsOf(id), await eventsOf(id)])).toContain("0.4");
});

test("work longer than a lease keeps it: one start, one attempt", async () => {
  const { id } = await createProject();
  const task = await createTask(id, { instructions: "[[sleep:8000]]" });
  expect(await taskReaches(task, "completed")).toMatchObject<Partial<Task>>({ attempt: 1 });
  expect(await eventsOfType(id, "task_started")).toHaveLength(1);
});

test("a directive for one agent leaves the others alone", async () => {
  const { id } = await createProject();
  const instructions = "[[tester:fail:always]] [[coder:fail:1]]";
  const coder = await createTask(id, { instructions });
  const analyst = await createTask(id, { instructions, agent_type: "analyst" });
  expect(await taskReaches(coder, "completed", "failed")).toMatchObject({ attempt: 2 });
  expect(await taskReaches(analyst, "completed", "failed")).toMatchObject({ attempt: 1 });
});
