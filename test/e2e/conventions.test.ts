import { describe, expect, test } from "vitest";
import {
  base,
  call,
  createArtifact,
  createProject,
  createTask,
  ok,
  origin,
  pendingRequest,
  requestOf,
  statusOf,
  taskReaches,
  unknownId,
} from "./client.ts";
import type { Problem } from "./model.ts";

const id = unknownId();
const other = unknownId();

const expectProblem = (
  { status, headers, body }: { status: number; headers: Headers; body: Problem },
  expected: number,
) => {
  expect(status, JSON.stringify(body)).toBe(expected);
  expect(headers.get("content-type")).toMatch(/^application\/problem\+json/);
  expect(body).toMatchObject({
    type: expect.stringMatching(/\/problems\/[a-z-]+$/),
    title: expect.stringMatching(/./),
    status: expected,
    detail: expect.stringMatching(/./),
    instance: expect.stringMatching(/./),
    request_id: headers.get("x-request-id"),
  });
};

test.each([
  "GET /projects/:id",
  "PATCH /projects/:id",
  "GET /projects/:id/status",
  "POST /projects/:id/pause",
  "POST /projects/:id/resume",
  "POST /projects/:id/cancel",
  "GET /projects/:id/tasks",
  "POST /projects/:id/tasks",
  "GET /projects/:id/tasks/:other",
  "POST /projects/:id/tasks/:other/cancel",
  "POST /projects/:id/tasks/:other/retry",
  "GET /projects/:id/completion",
  "POST /projects/:id/force-complete",
  "GET /projects/:id/events",
  "GET /projects/:id/agents",
  "POST /projects/:id/agents/coder/reset",
  "POST /projects/:id/artifacts",
  "GET /context/project/:id/artifacts",
  "GET /context/artifacts/:id",
  "PUT /context/artifacts/:id",
  "DELETE /context/artifacts/:id",
  "POST /projects/:id/hitl",
  "GET /hitl/project/:id/requests",
  "GET /hitl/:id",
  "GET /hitl/:id/history",
  "GET /hitl/:id/context",
  "POST /hitl/:id/respond",
])("an unknown id is 404: %s", async (template) => {
  const bodies = {
    tasks: { agent_type: "coder", instructions: "Write" },
    artifacts: { artifact_type: "user_input", content: 1 },
    hitl: { task_id: other, question: "Go on?" },
    respond: { action: "approve" },
    PATCH: { name: "x" },
    PUT: { content: 1 },
  };
  const [method = ""] = template.split(" ");
  const name = method === "POST" ? (template.split("/").at(-1) ?? "") : method;
  const route = template.replace(":id", id).replace(":other", other);
  expectProblem(await call(route, bodies[name as keyof typeof bodies]), 404);
});

test.each(["x", "%00", "..%2f..", "%F0%9F%8D%B5", "1".repeat(2_000), "null"])(
  "an id that isn't one is refused: %s",
  async (bad) => {
    for (const path of [`/projects/${bad}`, `/hitl/${bad}`, `/context/artifacts/${bad}`]) {
      const { status } = await call(`GET ${path}`);
      expect([400, 404, 414, 422], path).toContain(status);
    }
  },
);

test("unknown paths are problems too", async () => {
  expectProblem(await call("GET /teapots"), 404);
  const response = await fetch(`${origin}/nothing-here`);
  expect(response.status).toBe(404);
});

test.each(["{", "{name: 1}", "name=x", '{"name":"a"', "\u0000"])(
  "a body that is no JSON is 400: %s",
  async (body) => {
    expectProblem(await call("POST /projects", body), 400);
  },
);

test.each(["[]", '"text"', "7", "null", '[{"name":"x"}]'])(
  "JSON that is no object is refused: %s",
  async (body) => {
    const { status } = await call("POST /projects", body);
    expect([400, 422]).toContain(status);
  },
);

test("an empty body where one is needed is refused", async () => {
  const { status } = await call("POST /projects");
  expect([400, 422]).toContain(status);
});

test.each([
  ["a prototype", '{"name":"x","workflow":"none","__proto__":{"admin":true}}'],
  ["a constructor", '{"name":"x","workflow":"none","constructor":{"prototype":{"a":1}}}'],
  ["deep nesting", `{"name":${"[".repeat(20_000)}${"]".repeat(20_000)}}`],
  ["a huge number", '{"name":1e999}'],
  ["half a surrogate", '{"name":7,"description":"\\ud800"}'],
])("odd JSON never breaks anything: %s", async (_, body) => {
  const { status } = await call("POST /projects", body);
  expect([400, 413, 422]).toContain(status);
});

describe("half a surrogate pair is 422 at every door, in texts and in field names", () => {
  const half = "\\ud83d";
  const made = (async () => {
    const project = await createProject({ workflow: "sdlc", oversight_level: "high" });
    const { context_id } = await createArtifact(project.id, "tea");
    return { id: project.id, context_id, ...(await pendingRequest(project.id)) };
  })();
  const content = `{"files":[{"path":"a.ts","content":"${half}"}]}`;

  test.each([
    ["a name", "POST /projects", `{"name":"${half}","workflow":"none"}`],
    ["a description", "PATCH /projects/{id}", `{"description":"${half}"}`],
    [
      "a content",
      "POST /projects/{id}/artifacts",
      `{"artifact_type":"source_code","content":${content}}`,
    ],
    ["a key", "PUT /context/artifacts/{artifact}", `{"content":{"a":{"${half}":1}}}`],
    [
      "metadata",
      "PUT /context/artifacts/{artifact}",
      `{"content":1,"artifact_metadata":{"by":"${half}"}}`,
    ],
    ["a comment", "POST /hitl/{request}/respond", `{"action":"reject","comment":"${half}"}`],
    ["an amendment", "POST /hitl/{request}/respond", `{"action":"amend","content":"${half}"}`],
    [
      "an amendment's key",
      "POST /hitl/{request}/respond",
      `{"action":"amend","content":{"${half}":1}}`,
    ],
    [
      "instructions",
      "POST /projects/{id}/tasks",
      `{"agent_type":"coder","instructions":"${half}"}`,
    ],
  ])("%s", async (_, route, body) => {
    const { id, context_id, request_id } = await made;
    const path = route
      .replace("{id}", id)
      .replace("{artifact}", context_id)
      .replace("{request}", request_id);
    expect(await call(path, body)).toMatchObject({
      status: 422,
      body: { type: "/problems/invalid-request" },
    });
    expect(await requestOf(request_id)).toMatchObject({ status: "pending" });
  });
});

test("text is kept exactly, whatever it holds", async () => {
  const description = "\ud83c\udf75 <script>&amp;'\" \u2028 {{y}} %s \r\n\t";
  const made = await createProject({ name: "Ünïcødé 茶 \ud83c\udf75", description });
  expect(await ok(`GET /projects/${made.id}`)).toMatchObject({
    name: "Ünïcødé 茶 \ud83c\udf75",
    description,
  });
});

test("every bad field is pointed at", async () => {
  const { body } = await call("POST /projects", { name: "", oversight_level: "max" });
  const pointers = (body.errors ?? []).map(({ pointer }) => pointer);
  for (const field of ["name", "oversight_level"])
    expect(
      pointers.some((pointer) => pointer.endsWith(`/${field}`)),
      field,
    ).toBe(true);
  for (const { detail } of body.errors ?? []) expect(detail).toMatch(/./);
});

test("every answer has a request id of its own", async () => {
  const responses = await Promise.all(
    ["/projects?limit=1", "/projects?limit=1", `/projects/${id}`, "/projects?limit=0"].map((path) =>
      fetch(`${base}${path}`),
    ),
  );
  const ids = responses.map(({ headers }) => headers.get("x-request-id"));
  expect(ids.every((value) => value)).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
});

test.each([
  "/projects",
  "/projects/:id/tasks",
  "/context/project/:id/artifacts",
  "/hitl/project/:id/requests",
  "/hitl/pending",
])("%s refuses a limit out of range and a cursor that isn't one", async (template) => {
  const path = template.replace(":id", (await createProject()).id);
  const bad = ["limit=0", "limit=101", "limit=-1", "limit=x", "limit=1.5"];
  const cursors = ["cursor=x", "cursor=e30", "cursor=%00", `cursor=${id}`, "cursor=eyJwayI6IngifQ"];
  for (const query of [...bad, ...cursors]) {
    const answer = await call(`GET ${path}?${query}`);
    expect(answer.status, `${path}?${query}`).toBe(422);
    expectProblem(answer, 422);
  }
});

test("a cursor of one project opens nothing in another", async () => {
  const [a, b] = [await createProject(), await createProject()];
  for (let i = 0; i < 3; i++) await createArtifact(a.id, i);
  const list = (project: string) => `GET /context/project/${project}/artifacts?limit=1`;
  const { next_cursor } = await ok<{ next_cursor: string }>(list(a.id));
  const answer = await call<object>(`${list(b.id)}&cursor=${encodeURIComponent(next_cursor)}`);
  expect(JSON.stringify(answer.body)).not.toContain(a.id);
});

const resources: Record<string, () => Promise<{ path: string; change?: [string, object] }>> = {
  project: async () => {
    const path = `/projects/${(await createProject()).id}`;
    return { path, change: ["PATCH", { name: "Coffee shop" }] };
  },
  artifact: async () => {
    const { context_id } = await createArtifact((await createProject()).id, "green");
    return { path: `/context/artifacts/${context_id}`, change: ["PUT", { content: "black" }] };
  },
  task: async () => {
    const project = await createProject();
    const { task_id } = await taskReaches(await createTask(project.id), "completed");
    return { path: `/projects/${project.id}/tasks/${task_id}` };
  },
  request: async () => {
    const project = await createProject();
    await createTask(project.id, { instructions: "[[ask:Which?]]" });
    return { path: `/hitl/${(await pendingRequest(project.id)).request_id}` };
  },
};

test.each(Object.entries(resources))("reading a %s it has is 304", async (_, make) => {
  const { path } = await make();
  const etag = (await call(`GET ${path}`)).headers.get("etag") ?? "";
  expect(etag).toMatch(/^(W\/)?".+"$/);
  const unchanged = await call(`GET ${path}`, undefined, { "if-none-match": etag });
  expect(unchanged).toMatchObject({ status: 304, body: "" });
  const changed = await call(`GET ${path}`, undefined, { "if-none-match": '"something-else"' });
  expect(changed.status).toBe(200);
});

test.each(["project", "artifact"])("a change of a stale %s is 412", async (name) => {
  const { path, change: [method, body] = [] } = (await resources[name]?.()) ?? { path: "" };
  const etag = (await call(`GET ${path}`)).headers.get("etag") ?? "";
  expect(await call(`${method} ${path}`, body, { "if-match": etag })).toMatchObject({
    status: 200,
  });
  const now = await call<object>(`GET ${path}`);
  expect(now.headers.get("etag")).not.toBe(etag);
  expectProblem(await call(`${method} ${path}`, body, { "if-match": etag }), 412);
  expect((await call(`GET ${path}`)).body).toEqual(now.body);
});

test("a stale decision is 412 and decides nothing", async () => {
  const { path } = (await resources.request?.()) ?? { path: "" };
  const stale = { "if-match": '"stale"' };
  expectProblem(await call(`POST ${path}/respond`, { action: "approve" }, stale), 412);
  expect(await ok(`GET ${path}`)).toMatchObject({ status: "pending" });
});

test("a refused request leaves nothing behind", async () => {
  const project = await createProject();
  const before = await statusOf(project.id);
  await call(`POST /projects/${project.id}/tasks`, "{");
  await call(`POST /projects/${project.id}/tasks`, { agent_type: "coder" });
  await call(`PATCH /projects/${project.id}`, { name: "x", head: 3 });
  expect(await statusOf(project.id)).toEqual(before);
});
