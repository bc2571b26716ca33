import { expect, test } from "vitest";
import { crowd } from "../support/crowd.ts";
import {
  anotherTaskCompletes,
  base,
  call,
  createArtifact,
  createProject,
  createTask,
  eventsOf,
  eventsOfType,
  instant,
  ok,
  statusOf,
  taskOf,
  taskReaches,
  unknownId,
  uuid7,
  waitFor,
  walk,
} from "./client.ts";
import type { Task } from "./model.ts";

test("a created task is there at once, with its defaults", async () => {
  const { id } = await createProject();
  const route = `/projects/${id}/tasks`;
  const fields = { agent_type: "tester", instructions: "Taste it [[sleep:200]]" };
  const { status, headers, body } = await call<Task>(`POST ${route}`, fields);
  expect(status).toBe(201);
  expect(new URL(headers.get("location") ?? "", base).pathname).toBe(
    `/api/v1${route}/${body.task_id}`,
  );
  expect(body).toMatchObject({
    ...fields,
    task_id: expect.stringMatching(uuid7),
    project_id: id,
    name: expect.stringMatching(/./),
    phase: null,
    context_ids: [],
    priority: 3,
    max_attempts: 3,
    error: null,
    handoff: null,
    created_at: expect.stringMatching(instant),
    completed_at: null,
  });
  expect(await taskOf(body)).toMatchObject({ task_id: body.task_id });
});

test("a task runs once and leaves what it made", async () => {
  const { id } = await createProject();
  const { context_id } = await createArtifact(id, { tea: "green" });
  const given = { name: "Prices", priority: 5, context_ids: [context_id] };
  const task = await taskReaches(await createTask(id, given), "completed");
  expect(task).toMatchObject({
    ...given,
    attempt: 1,
    progress_percentage: 100,
    error: null,
    started_at: expect.stringMatching(instant),
    completed_at: expect.stringMatching(instant),
  });
  expect(task.output).not.toBeNull();
  const types = (await eventsOf(id)).map(({ event_type }) => event_type);
  for (const once of ["task_created", "task_started", "task_completed"])
    expect(types.filter((type) => type === once)).toHaveLength(1);
});

test.each([
  ["agent_type", { agent_type: "gardener" }],
  ["agent_type", { agent_type: undefined }],
  ["instructions", { instructions: "" }],
  ["instructions", { instructions: "x".repeat(20_001) }],
  ["instructions", { instructions: undefined }],
  ["priority", { priority: 0 }],
  ["priority", { priority: 6 }],
  ["priority", { priority: 2.5 }],
  ["context_ids", { context_ids: "all" }],
  ["context_ids", { context_ids: ["all"] }],
  ["status", { status: "completed" }],
  ["max_attempts", { max_attempts: 99 }],
  ["phase", { phase: "launch" }],
])("creating refuses a bad %s: %o", async (field, bad) => {
  const { id, head } = await createProject();
  const body = { agent_type: "coder", instructions: "Write", ...bad };
  const { status, body: problem } = await call(`POST /projects/${id}/tasks`, body);
  expect(status).toBe(422);
  expect(JSON.stringify(problem.errors)).toContain(field);
  expect(await statusOf(id)).toMatchObject({ head, tasks: [] });
});

test("context of another project cannot be handed to a task", async () => {
  const { id } = await createProject();
  const foreign = await createArtifact((await createProject()).id, "secret");
  for (const context_id of [foreign.context_id, unknownId()]) {
    const body = { agent_type: "coder", instructions: "Write", context_ids: [context_id] };
    const { status } = await call(`POST /projects/${id}/tasks`, body);
    expect([404, 422]).toContain(status);
  }
  expect((await statusOf(id)).tasks).toEqual([]);
});

test("a task is not found under another project", async () => {
  const task = await createTask((await createProject()).id);
  const { id } = await createProject();
  const path = `/projects/${id}/tasks/${task.task_id}`;
  expect(await call(`GET ${path}`)).toMatchObject({ status: 404 });
  expect(await call(`POST ${path}/cancel`)).toMatchObject({ status: 404 });
  expect(await call(`POST ${path}/retry`)).toMatchObject({ status: 404 });
});

test("the list pages through all tasks, each once", async () => {
  const { id } = await createProject();
  const made = await Promise.all(Array.from({ length: 7 }, () => createTask(id)));
  const pages = await walk<Task>(`/projects/${id}/tasks?limit=3`, "tasks");
  expect(pages.slice(0, 2).map((page) => page.length)).toEqual([3, 3]);
  expect(
    pages
      .flat()
      .map(({ task_id }) => task_id)
      .sort(),
  ).toEqual(made.map(({ task_id }) => task_id).sort());
});

test("many tasks asked for at once are all taken", { concurrent: false }, async () => {
  const { id } = await createProject();
  const body = { agent_type: "coder", instructions: "Write" };
  const answers = await Promise.all(
    Array.from({ length: crowd }, () => call(`POST /projects/${id}/tasks`, body)),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array(crowd).fill(201));
  await allComplete(id, crowd);
});

test("many tasks that start at once all complete, each once", { concurrent: false }, async () => {
  const { id } = await createProject();
  await ok(`POST /projects/${id}/pause`);
  const made: string[] = [];
  while (made.length < crowd) made.push((await createTask(id)).task_id);
  await ok(`POST /projects/${id}/resume`);
  const { head } = await allComplete(id, crowd);
  const events = await eventsOf(id);
  expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: head }, (_, i) => i + 1));
  const completed = events.filter(({ event_type }) => event_type === "task_completed");
  expect(completed.map(({ task_id }) => task_id).sort()).toEqual(made.sort());
});

/** Nothing stays stuck longer than lease and sweep; the rest of the bound is for a busy machine. */
const allComplete = async (id: string, count: number) => {
  const status = await waitFor(
    () => statusOf(id),
    ({ tasks }) => tasks.every((task) => task.status === "completed"),
    { everyMs: 500 },
  );
  expect(status.tasks).toHaveLength(count);
  return status;
};

test("a working task is cancelled, once, and its late result is not kept", async () => {
  const { id } = await createProject();
  const task = await createTask(id, { instructions: "[[sleep:600]]" });
  await taskReaches(task, "working");
  const path = `/projects/${id}/tasks/${task.task_id}`;
  expect(await ok(`POST ${path}/cancel`)).toMatchObject({ status: "cancelled" });
  expect(await call(`POST ${path}/cancel`)).toMatchObject({ status: 409 });
  await createTask(id, { instructions: "[[sleep:700]]" }).then((later) =>
    taskReaches(later, "completed"),
  );
  expect(await taskOf(task)).toMatchObject({ status: "cancelled" });
  expect(await eventsOfType(id, "task_cancelled")).toHaveLength(1);
  expect(await eventsOfType(id, "task_completed")).toHaveLength(1);
});

test("a pending task is cancelled and never starts", async () => {
  const { id } = await createProject();
  await ok(`POST /projects/${id}/pause`);
  const task = await createTask(id);
  await ok(`POST /projects/${id}/tasks/${task.task_id}/cancel`);
  await ok(`POST /projects/${id}/resume`);
  await anotherTaskCompletes();
  expect(await taskOf(task)).toMatchObject({ status: "cancelled", started_at: null });
});

test("retry runs a cancelled task again", async () => {
  const { id } = await createProject();
  const task = await createTask(id, { instructions: "[[sleep:400]]" });
  const path = `/projects/${id}/tasks/${task.task_id}`;
  expect(await call(`POST ${path}/retry`)).toMatchObject({ status: 409 });
  await ok(`POST ${path}/cancel`);
  expect(await ok(`POST ${path}/retry`)).toMatchObject({ task_id: task.task_id });
  expect(await taskReaches(task, "completed", "failed")).toMatchObject({ status: "completed" });
  expect(await eventsOfType(id, "task_completed")).toHaveLength(1);
});

test("a completed task is neither cancelled nor retried", async () => {
  const { id } = await createProject();
  const task = await taskReaches(await createTask(id), "completed");
  const path = `/projects/${id}/tasks/${task.task_id}`;
  expect(await call(`POST ${path}/cancel`)).toMatchObject({ status: 409 });
  expect(await call(`POST ${path}/retry`)).toMatchObject({ status: 409 });
});

test("of ten people who cancel a task at once, one does it", async () => {
  const { id } = await createProject();
  const task = await createTask(id, { instructions: "[[sleep:2000]]" });
  const path = `/projects/${id}/tasks/${task.task_id}/cancel`;
  const answers = await Promise.all(Array.from({ length: 10 }, () => call(`POST ${path}`)));
  const statuses = answers.map(({ status }) => status).sort();
  expect(statuses).toEqual([200, ...Array(9).fill(409)]);
  expect(await eventsOfType(id, "task_cancelled")).toHaveLength(1);
});
