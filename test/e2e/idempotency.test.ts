import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import {
  call,
  createProject,
  createTask,
  eventsOf,
  pendingRequest,
  slowly,
  statusOf,
} from "./client.ts";

interface Post {
  route: string;
  body?: object;
  other?: object;
  /** Where the one effect can be counted. */
  projectId?: string;
}

const asked = async () => {
  const { id } = await createProject();
  const task = await createTask(id, { instructions: "[[ask:Green or black?]]" });
  const { request_id } = await pendingRequest(id);
  return { id, task, request_id };
};

/** What each POST needs to exist before it, what it sends, and another body. */
const posts: Record<string, () => Promise<Post>> = {
  "POST /projects": async () => ({
    route: "POST /projects",
    body: { name: "Tea shop", workflow: "none" },
    other: { name: "Coffee shop", workflow: "none" },
  }),
  "POST /projects/{id}/tasks": async () => {
    const { id } = await createProject();
    const body = { agent_type: "coder", instructions: "Write" };
    const other = { ...body, priority: 1 };
    return { route: `POST /projects/${id}/tasks`, body, other, projectId: id };
  },
  "POST /projects/{id}/artifacts": async () => {
    const { id } = await createProject();
    const body = { artifact_type: "user_input", content: { tea: "green" } };
    const other = { artifact_type: "user_input", content: { tea: "black" } };
    return { route: `POST /projects/${id}/artifacts`, body, other, projectId: id };
  },
  "POST /projects/{id}/hitl": async () => {
    const { id } = await createProject();
    const { task_id } = await createTask(id, { instructions: slowly });
    const body = { task_id, question: "Go on?" };
    const other = { task_id, question: "Stop?" };
    return { route: `POST /projects/${id}/hitl`, body, other, projectId: id };
  },
  "POST /hitl/{id}/respond": async () => {
    const { id, request_id } = await asked();
    const route = `POST /hitl/${request_id}/respond`;
    return { route, body: { action: "approve" }, other: { action: "reject" }, projectId: id };
  },
  "POST /hitl/bulk/approve": async () => {
    const { id, request_id } = await asked();
    const body = { request_ids: [request_id] };
    const other = { request_ids: [request_id], comment: "Yes" };
    return { route: "POST /hitl/bulk/approve", body, other, projectId: id };
  },
  "POST /projects/{id}/pause": async () => {
    const { id } = await createProject();
    return { route: `POST /projects/${id}/pause`, projectId: id };
  },
  "POST /projects/{id}/resume": async () => {
    const { id } = await createProject();
    await call(`POST /projects/${id}/pause`);
    return { route: `POST /projects/${id}/resume`, projectId: id };
  },
  "POST /projects/{id}/cancel": async () => {
    const { id } = await createProject();
    return { route: `POST /projects/${id}/cancel`, projectId: id };
  },
  "POST /projects/{id}/force-complete": async () => {
    const { id } = await createProject();
    return { route: `POST /projects/${id}/force-complete`, projectId: id };
  },
  "POST /projects/{id}/tasks/{task_id}/cancel": async () => {
    const { id, task } = await asked();
    return { route: `POST /projects/${id}/tasks/${task.task_id}/cancel`, projectId: id };
  },
  "POST /projects/{id}/tasks/{task_id}/retry": async () => {
    const { id, task } = await asked();
    const path = `/projects/${id}/tasks/${task.task_id}`;
    await call(`POST ${path}/cancel`);
    return { route: `POST ${path}/retry`, projectId: id };
  },
};

const table = Object.entries(posts);
const key = () => ({ "idempotency-key": randomUUID() });

/** Effects a person can see, without those which the task has later by itself. */
const effects = async (projectId: string) =>
  (await eventsOf(projectId))
    .filter(({ actor }) => actor.type === "user")
    .map(({ event_type }) => event_type);

/** How often something was created or decided. */
const decisive = async (projectId: string) =>
  (await effects(projectId)).filter((type) =>
    /^(task_created|artifact_created|hitl_request_created|hitl_response)$/.test(type),
  ).length;

test.each(table)("%s again with the same key gets the first answer again", async (_, prepare) => {
  const { route, body, projectId } = await prepare();
  const headers = key();
  const first = await call<object>(route, body, headers);
  expect([200, 201]).toContain(first.status);
  expect(first.headers.get("idempotency-replayed")).toBeNull();
  const before = projectId ? await effects(projectId) : [];
  const again = await call<object>(route, body, headers);
  expect(again).toMatchObject({ status: first.status, body: first.body });
  expect(again.headers.get("idempotency-replayed")).toBe("true");
  expect(again.headers.get("location")).toBe(first.headers.get("location"));
  if (projectId) expect(await effects(projectId)).toEqual(before);
});

test.each(table.filter(([name]) => /projects$|tasks$|artifacts$|hitl$|respond$|bulk/.test(name)))(
  "%s with the same key and another body is refused",
  async (_, prepare) => {
    const { route, body, other, projectId } = await prepare();
    const headers = key();
    await call(route, body, headers);
    const before = projectId ? await effects(projectId) : [];
    expect(await call(route, other, headers)).toMatchObject({ status: 422, body: { status: 422 } });
    if (projectId) expect(await effects(projectId)).toEqual(before);
  },
);

test.each(table.filter(([name]) => /tasks$|artifacts$|hitl$|respond$/.test(name)))(
  "%s ten times at once with one key has one effect",
  async (_, prepare) => {
    const { route, body, projectId = "" } = await prepare();
    const before = await decisive(projectId);
    const headers = key();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => call<object>(route, body, headers)),
    );
    const done = answers.filter(({ status }) => status < 300);
    expect(done.length).toBeGreaterThan(0);
    expect(new Set(done.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
    for (const late of answers.filter(({ status }) => status >= 300)) {
      expect(late).toMatchObject({
        status: 409,
        body: { type: expect.stringMatching(/\/problems\/idempotency-in-progress$/) },
      });
      expect(Number(late.headers.get("retry-after"))).toBeGreaterThan(0);
    }
    expect(await decisive(projectId)).toBe(before + 1);
  },
);

test("ten projects asked for at once with one key are one project", async () => {
  const name = `Tea shop ${randomUUID()}`;
  const headers = key();
  const body = { name, workflow: "none" };
  await Promise.all(Array.from({ length: 10 }, () => call("POST /projects", body, headers)));
  const { projects } = (await call<{ projects: { name: string }[] }>("GET /projects?limit=100"))
    .body;
  expect(projects.filter((project) => project.name === name)).toHaveLength(1);
});

test("one key on two projects never answers for the other", async () => {
  const [a, b] = [await createProject(), await createProject()];
  const headers = key();
  const body = { agent_type: "coder", instructions: "Write" };
  expect(await call(`POST /projects/${a.id}/tasks`, body, headers)).toMatchObject({ status: 201 });
  const second = await call<{ project_id?: string }>(`POST /projects/${b.id}/tasks`, body, headers);
  expect([201, 422]).toContain(second.status);
  if (second.status === 201) expect(second.body.project_id).toBe(b.id);
});

test("a refused request stays refused under its key", async () => {
  const { id } = await createProject();
  const headers = key();
  const body = { agent_type: "coder" };
  for (const _ of ["first", "again"])
    expect(await call(`POST /projects/${id}/tasks`, body, headers)).toMatchObject({ status: 422 });
  expect((await statusOf(id)).tasks).toEqual([]);
});

test("without a key the same body is done again", async () => {
  const { id } = await createProject();
  const [first, second] = [await createTask(id), await createTask(id)];
  expect(first.task_id).not.toBe(second.task_id);
  expect((await statusOf(id)).tasks).toHaveLength(2);
});
