import { expect, test } from "vitest";
import { agentNames } from "../../lib/catalog/load.ts";
import {
  anotherTaskCompletes,
  base,
  call,
  createArtifact,
  createProject,
  createTask,
  eventsOf,
  instant,
  ok,
  pendingRequest,
  requestOf,
  slowly,
  statusOf,
  taskOf,
  taskReaches,
  uuid7,
  waitFor,
  walk,
  workflowEvents,
} from "./client.ts";
import type { Project, Task } from "./model.ts";

test("a created project is there at once, with its defaults", async () => {
  const { status, headers, body } = await call<Project>("POST /projects", { name: "Tea shop" });
  expect(status).toBe(201);
  expect(new URL(headers.get("location") ?? "", base).pathname).toBe(`/api/v1/projects/${body.id}`);
  expect(body).toMatchObject({
    id: expect.stringMatching(uuid7),
    name: "Tea shop",
    description: null,
    status: "active",
    current_phase: "discovery",
    oversight_level: "medium",
    workflow: "sdlc",
    created_at: expect.stringMatching(instant),
    updated_at: expect.stringMatching(instant),
    completed_at: null,
  });
  expect(body.head).toBeGreaterThan(0);
  const read = await call<Project>(`GET /projects/${body.id}`);
  expect(read).toMatchObject({ status: 200, body: { id: body.id, name: "Tea shop" } });
});

test("an sdlc project begins with the analyst's planning", async () => {
  const { id } = await createProject({ workflow: "sdlc" });
  const { tasks } = await ok<{ tasks: Task[] }>(`GET /projects/${id}/tasks`);
  expect(tasks[0]).toMatchObject({
    name: "Project Planning",
    agent_type: "analyst",
    phase: "discovery",
    handoff: null,
  });
  const [first] = await eventsOf(id);
  expect(first).toMatchObject({ seq: 1, event_type: "project_created" });
  await waitFor(
    () => workflowEvents(id),
    (events) => events[0] === "phase_started",
  );
});

test("a project without workflow stays empty", async () => {
  const { id } = await createProject({ workflow: "none" });
  expect(await statusOf(id)).toMatchObject({ status: "active", tasks: [], pending_hitl: [] });
});

test("the longest name and description are taken as they are", async () => {
  const longest = { name: "ä".repeat(255), description: "x".repeat(10_000) };
  expect(await createProject(longest)).toMatchObject(longest);
});

test.each([
  ["name", { name: "" }],
  ["name", { name: "  \n " }],
  ["name", { name: "x".repeat(256) }],
  ["name", { name: 7 }],
  ["name", {}],
  ["description", { name: "x", description: "x".repeat(10_001) }],
  ["oversight_level", { name: "x", oversight_level: "max" }],
  ["workflow", { name: "x", workflow: "kanban" }],
  ["status", { name: "x", status: "completed" }],
  ["head", { name: "x", head: 7 }],
  ["tenant", { name: "x", tenant: "other" }],
])("creating refuses a bad %s: %o", async (field, body) => {
  const { status, body: problem } = await call("POST /projects", body);
  expect(status).toBe(422);
  expect(JSON.stringify(problem.errors)).toContain(field);
});

test("the list has the newest first, filters by status and pages to its end", async () => {
  const made: string[] = [];
  for (const name of ["a", "b", "c", "d", "e"]) {
    const { id } = await createProject({ name });
    await ok(`POST /projects/${id}/cancel`);
    made.unshift(id);
  }
  const pages = await walk<Project>("/projects?status=cancelled&limit=2", "projects", 20);
  const listed = pages.flat();
  expect(pages.every((page) => page.length <= 2)).toBe(true);
  expect(listed.filter(({ id }) => made.includes(id)).map(({ id }) => id)).toEqual(made);
  expect(new Set(listed.map(({ id }) => id)).size).toBe(listed.length);
  expect(new Set(listed.map(({ status }) => status))).toEqual(new Set(["cancelled"]));
  expect(await call("GET /projects?status=done")).toMatchObject({ status: 422 });
});

test("changing name, description and oversight is an event and a new version", async () => {
  const { id, head } = await createProject();
  const change = { name: "Coffee shop", description: "No tea.", oversight_level: "high" };
  expect(await ok(`PATCH /projects/${id}`, change)).toMatchObject(change);
  expect(await ok(`GET /projects/${id}`)).toMatchObject({ ...change, head: head + 1 });
  expect((await eventsOf(id)).at(-1)).toMatchObject({ event_type: "project_updated" });
  expect(await ok(`PATCH /projects/${id}`, { description: null })).toMatchObject({
    name: "Coffee shop",
    description: null,
  });
});

test.each([
  ["name", { name: " " }],
  ["oversight_level", { oversight_level: "none" }],
  ["status", { status: "completed" }],
  ["workflow", { workflow: "sdlc" }],
  ["id", { name: "ok", id: "x" }],
])("changing refuses a bad %s and leaves the project as it was", async (field, body) => {
  const project = await createProject();
  const { status, body: problem } = await call(`PATCH /projects/${project.id}`, body);
  expect(status).toBe(422);
  expect(JSON.stringify(problem.errors)).toContain(field);
  expect(await ok(`GET /projects/${project.id}`)).toEqual(project);
});

test("status is one consistent picture", async () => {
  const { id } = await createProject();
  const task = await createTask(id, { instructions: "Choose. [[ask:Green or black?]]" });
  const request = await pendingRequest(id);
  const picture = await statusOf(id);
  expect(picture).toMatchObject({
    project_id: id,
    status: "active",
    tasks: [{ task_id: task.task_id, status: "waiting_for_hitl" }],
    pending_hitl: [{ request_id: request.request_id }],
  });
  expect(picture.agents).toHaveLength(agentNames.length);
  expect(picture.agents.find(({ agent_type }) => agent_type === "coder")).toMatchObject({
    status: "waiting_for_hitl",
  });
  expect(picture.head).toBe((await eventsOf(id)).length);
});

test("pause lets running work end and starts nothing new; resume goes on", async () => {
  const { id } = await createProject({
    workflow: "sdlc",
    oversight_level: "low",
    description: "[[analyst:sleep:2500]]",
  });
  const planning = (await statusOf(id)).tasks[0] as Task;
  await taskReaches(planning, "working");
  expect(await ok(`POST /projects/${id}/pause`)).toMatchObject({ status: "paused" });
  expect(await call(`POST /projects/${id}/pause`)).toMatchObject({ status: 409 });
  await taskReaches(planning, "completed");
  await anotherTaskCompletes();
  const { tasks } = await statusOf(id);
  expect(tasks.filter(({ started_at }) => started_at !== null)).toHaveLength(1);
  expect(await ok(`POST /projects/${id}/resume`)).toMatchObject({ status: "active" });
  expect(await call(`POST /projects/${id}/resume`)).toMatchObject({ status: 409 });
  await waitFor(
    () => statusOf(id),
    ({ status }) => status === "completed",
  );
  expect(await workflowEvents(id)).toEqual(
    expect.arrayContaining(["project_paused", "project_resumed", "project_completed"]),
  );
});

test("a task created while paused starts with resume", async () => {
  const { id } = await createProject();
  await ok(`POST /projects/${id}/pause`);
  const task = await createTask(id);
  await anotherTaskCompletes();
  expect(await taskOf(task)).toMatchObject({ status: "pending", started_at: null });
  await ok(`POST /projects/${id}/resume`);
  await taskReaches(task, "completed");
});

test("cancel is final: nothing runs on, waits or can be decided", async () => {
  const { id } = await createProject();
  const asking = await createTask(id, { instructions: "[[ask:Green or black?]]" });
  const working = await createTask(id, { instructions: slowly, agent_type: "tester" });
  const { request_id } = await pendingRequest(id);
  await taskReaches(working, "working");
  expect(await ok(`POST /projects/${id}/cancel`)).toMatchObject({ status: "cancelled" });
  for (const change of ["pause", "resume", "cancel", "force-complete"])
    expect(await call(`POST /projects/${id}/${change}`), change).toMatchObject({ status: 409 });
  await taskReaches(asking, "cancelled");
  await taskReaches(working, "cancelled");
  expect(await requestOf(request_id)).toMatchObject({ status: "cancelled" });
  expect(await call(`POST /hitl/${request_id}/respond`, { action: "approve" })).toMatchObject({
    status: 409,
  });
  const refused = { agent_type: "coder", instructions: "More" };
  expect(await call(`POST /projects/${id}/tasks`, refused)).toMatchObject({ status: 409 });
  expect(await workflowEvents(id)).toContain("project_cancelled");
});

test("completion counts tasks and artifacts", async () => {
  const { id } = await createProject();
  await createArtifact(id, "Only green tea");
  const done = await createTask(id);
  await createTask(id, { instructions: "[[ask:Green or black?]]" });
  await taskReaches(done, "completed");
  await pendingRequest(id);
  const completion = await ok<Record<string, unknown>>(`GET /projects/${id}/completion`);
  expect(completion).toMatchObject({
    project_id: id,
    is_complete: false,
    total_tasks: 2,
    completed_tasks: 1,
    completion_percentage: 50,
  });
  expect(completion).toHaveProperty("artifacts_available");
});

test("the operator closes a project once", async () => {
  const { id } = await createProject();
  await createTask(id, { instructions: "[[ask:Green or black?]]" });
  const { request_id } = await pendingRequest(id);
  const closed = await ok<Project>(`POST /projects/${id}/force-complete`);
  expect(closed).toMatchObject({
    status: "completed",
    completed_at: expect.stringMatching(instant),
  });
  expect(await call(`POST /projects/${id}/force-complete`)).toMatchObject({ status: 409 });
  expect((await requestOf(request_id)).status).toBe("cancelled");
  expect(await workflowEvents(id)).toEqual(["project_completed"]);
  expect(await ok(`GET /projects/${id}/completion`)).toMatchObject({ is_complete: true });
});
