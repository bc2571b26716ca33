import { expect, test } from "vitest";
import {
  anotherTaskCompletes,
  approve,
  base,
  call,
  createArtifact,
  createProject,
  createTask,
  eventsOfType,
  instant,
  ok,
  pendingRequest,
  requestOf,
  respond,
  slowly,
  statusOf,
  taskOf,
  taskReaches,
  unknownId,
  uuid7,
  waitFor,
  walk,
} from "./client.ts";
import type { Decision, HitlRequest, Problem } from "./model.ts";

const dayMs = 86_400_000;

/** A project whose only task waits for an answer. */
const askingProject = async () => {
  const { id } = await createProject();
  const task = await createTask(id, { instructions: "Choose. [[ask:Green or black?]]" });
  return { id, task, request: await pendingRequest(id) };
};

/** A task that nothing has started, and a request about it opened by the API. */
const openedRequest = async (fields: object = {}) => {
  const { id } = await createProject();
  const task = await createTask(id, { instructions: slowly });
  const body = { task_id: task.task_id, question: "Go on?", ...fields };
  return { id, task, request: await ok<HitlRequest>(`POST /projects/${id}/hitl`, body) };
};

test("a request opened by the API stops its task until it is answered", async () => {
  const { id } = await createProject();
  const task = await createTask(id, { instructions: slowly });
  const { context_id, sha256 } = await createArtifact(id, "green");
  await taskReaches(task, "working");
  const { status, headers, body } = await call<HitlRequest>(
    `POST /projects/${id}/hitl`,
    {
      task_id: task.task_id,
      question: "Go on?",
      options: ["yes", "no"],
      context_ids: [context_id],
    },
    { "x-user-id": "ann" },
  );
  expect(status).toBe(201);
  expect(new URL(headers.get("location") ?? "", base).pathname).toBe(
    `/api/v1/hitl/${body.request_id}`,
  );
  expect(body).toMatchObject({
    request_id: expect.stringMatching(uuid7),
    project_id: id,
    task_id: task.task_id,
    question: "Go on?",
    options: ["yes", "no"],
    status: "pending",
    context_ids: [{ context_id, sha256 }],
    responded_by: null,
    responded_at: null,
    expires_at: expect.stringMatching(instant),
  });
  expect(Date.parse(body.expires_at) - Date.parse(body.created_at)).toBe(dayMs);
  expect(await requestOf(body.request_id)).toEqual(body);
  expect(await taskOf(task)).toMatchObject({ status: "waiting_for_hitl" });
  await taskReaches(await createTask(id, { instructions: slowly }), "completed");
  expect(await taskOf(task)).toMatchObject({ status: "waiting_for_hitl" });
  const answer = await ok<Decision>(`POST /hitl/${body.request_id}/respond`, { action: "approve" });
  expect(answer).toMatchObject({ status: "approved", workflow_resumed: true });
  await taskReaches(task, "completed");
});

test("approving answers with the decided request, once", async () => {
  const { task, request } = await askingProject();
  const decision = { action: "approve", comment: "Fine by me" };
  const { status, body } = await respond<Decision>(request.request_id, decision, {
    "x-user-id": "ann",
  });
  expect(status).toBe(200);
  expect(body).toMatchObject({
    request_id: request.request_id,
    action: "approve",
    status: "approved",
    message: expect.stringMatching(/./),
    workflow_resumed: true,
    request: {
      status: "approved",
      responded_by: "ann",
      response_comment: "Fine by me",
      responded_at: expect.stringMatching(instant),
    },
  });
  expect(await requestOf(request.request_id)).toEqual(body.request);
  expect(await respond(request.request_id, { action: "reject" })).toMatchObject({ status: 409 });
  await taskReaches(task, "completed");
});

test.each([
  ["text", "Black tea"],
  ["an object", { tea: "black", cups: 2 }],
])("amending with %s gives the task its answer", async (_, content) => {
  const { task, request } = await askingProject();
  const { status, body } = await respond<Decision>(request.request_id, {
    action: "amend",
    content,
  });
  expect({ status, body }).toMatchObject({
    status: 200,
    body: { status: "amended", request: { status: "amended", amended_content: content } },
  });
  await taskReaches(task, "completed");
});

test("rejecting is kept and final", async () => {
  const { request } = await askingProject();
  expect(await respond(request.request_id, { action: "reject", comment: "No" })).toMatchObject({
    status: 200,
    body: { status: "rejected", request: { response_comment: "No" } },
  });
  expect(await respond(request.request_id, { action: "approve" })).toMatchObject({ status: 409 });
});

test.each([
  ["content", { action: "amend" }],
  ["content", { action: "amend", content: true }],
  ["content", { action: "amend", content: ["a"] }],
  ["content", { action: "amend", content: null }],
  ["action", { action: "maybe" }],
  ["action", {}],
  ["comment", { action: "approve", comment: 7 }],
  ["responded_by", { action: "approve", responded_by: "eve" }],
])("responding refuses a bad %s: %o", async (field, body) => {
  const { request } = await askingProject();
  const answer = await respond<Problem>(request.request_id, body);
  expect(answer.status).toBe(422);
  expect(JSON.stringify(answer.body.errors)).toContain(field);
  expect(await requestOf(request.request_id)).toEqual(request);
});

test.each([
  ["question", { question: "" }],
  ["question", { question: undefined }],
  ["options", { options: "yes" }],
  ["expires_in_seconds", { expires_in_seconds: 0 }],
  ["expires_in_seconds", { expires_in_seconds: 2_592_001 }],
  ["expires_in_seconds", { expires_in_seconds: 1.5 }],
  ["status", { status: "approved" }],
])("opening refuses a bad %s: %o", async (field, bad) => {
  const { id } = await createProject();
  const { task_id } = await createTask(id, { instructions: slowly });
  const body = { task_id, question: "Go on?", ...bad };
  const { status, body: problem } = await call(`POST /projects/${id}/hitl`, body);
  expect(status).toBe(422);
  expect(JSON.stringify(problem.errors)).toContain(field);
  expect((await statusOf(id)).pending_hitl).toEqual([]);
});

test("a request needs a task of this project that is not done", async () => {
  const { id } = await createProject();
  const foreign = await createTask((await createProject()).id);
  const open = (task_id: string) =>
    call(`POST /projects/${id}/hitl`, { task_id, question: "Go on?" });
  for (const task_id of [foreign.task_id, unknownId()])
    expect([404, 422]).toContain((await open(task_id)).status);
  const done = await taskReaches(await createTask(id), "completed");
  expect(await open(done.task_id)).toMatchObject({ status: 409 });
});

test("an unanswered request expires, by an event, and takes no answer any more", async () => {
  const { id, task, request } = await openedRequest({ expires_in_seconds: 1 });
  expect(Date.parse(request.expires_at) - Date.parse(request.created_at)).toBe(1_000);
  await waitFor(
    () => requestOf(request.request_id),
    ({ status }) => status === "expired",
  );
  expect(await respond(request.request_id, { action: "approve" })).toMatchObject({ status: 409 });
  const [expired] = await eventsOfType(id, "hitl_expired");
  expect(expired).toMatchObject({ task_id: task.task_id, actor: { type: "system" } });
  expect((await requestOf(request.request_id)).history.at(-1)?.action).toMatch(/expire/);
  await anotherTaskCompletes();
  expect(await taskOf(task)).not.toMatchObject({ status: "completed" });
  expect(await eventsOfType(id, "hitl_expired")).toHaveLength(1);
});

test("the longest expiry is thirty days", async () => {
  const { request } = await openedRequest({ expires_in_seconds: 2_592_000 });
  expect(Date.parse(request.expires_at) - Date.parse(request.created_at)).toBe(30 * dayMs);
});

test("pending requests are listed everywhere until they are decided", async () => {
  const { id, request } = await askingProject();
  const listed = async (path: string) =>
    (await walk<HitlRequest>(path, "requests", 300)).flat().map(({ request_id }) => request_id);
  const ofProject = `/hitl/project/${id}/requests`;
  expect(await listed("/hitl/pending?limit=100")).toContain(request.request_id);
  expect(await listed(`${ofProject}?status_filter=pending`)).toEqual([request.request_id]);
  expect(await ok(`GET ${ofProject}`)).toMatchObject({ pending_count: 1, next_cursor: null });
  await approve(request.request_id);
  expect(await listed("/hitl/pending?limit=100")).not.toContain(request.request_id);
  expect(await listed(`${ofProject}?status_filter=pending`)).toEqual([]);
  expect(await listed(`${ofProject}?status_filter=approved`)).toEqual([request.request_id]);
  expect(await ok(`GET ${ofProject}`)).toMatchObject({ pending_count: 0 });
  expect(await call(`GET ${ofProject}?status_filter=done`)).toMatchObject({ status: 422 });
});

test("the history says who did what, oldest first", async () => {
  const { request } = await askingProject();
  const answer = { action: "amend", content: "Black", comment: "Stronger" };
  await respond(request.request_id, answer, { "x-user-id": "ann" });
  const path = `/hitl/${request.request_id}`;
  const { history } = await ok<HitlRequest>(`GET ${path}/history`);
  expect((await requestOf(request.request_id)).history).toEqual(history);
  expect(history.length).toBeGreaterThanOrEqual(2);
  expect(history.at(-1)).toMatchObject({
    timestamp: expect.stringMatching(instant),
    action: expect.stringMatching(/^amend/),
    user_id: "ann",
    content: "Black",
    comment: "Stronger",
  });
  const times = history.map(({ timestamp }) => timestamp);
  expect(times).toEqual([...times].sort());
});

test("the context holds what a person needs to judge", async () => {
  const { id } = await createProject({ workflow: "sdlc" });
  const request = await pendingRequest(id);
  const [judged] = request.context_ids;
  const context = await ok<{ task: object; artifacts: object[] }>(
    `GET /hitl/${request.request_id}/context`,
  );
  expect(context.task).toMatchObject({ task_id: request.task_id, name: "Project Planning" });
  expect(context.artifacts).toMatchObject([
    { context_id: judged?.context_id, sha256: judged?.sha256, artifact_type: "project_plan" },
  ]);
  expect(JSON.stringify(context)).toContain('"discovery"');
});
