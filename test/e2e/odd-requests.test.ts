import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import {
  base,
  call,
  createProject,
  createTask,
  eventsOf,
  ok,
  pendingRequest,
  requestOf,
  respond,
  taskReaches,
  unknownId,
} from "./client.ts";
import type { Artifact } from "./model.ts";
import { openSocket } from "./socket.ts";

const noise = (bytes: number) => randomBytes(Math.ceil(bytes / 2)).toString("hex");
const project = '{"name":"x","workflow":"none"}';

test.each([
  ["no content type", project, {}],
  ["a text content type", project, { "content-type": "text/plain" }],
  ["a binary content type", project, { "content-type": "application/octet-stream" }],
  ["a form", "name=x", { "content-type": "application/x-www-form-urlencoded" }],
  ["a byte order mark", `\ufeff${project}`, { "content-type": "application/json" }],
  ["broken UTF-8", Buffer.from([0x22, 0xff, 0xfe, 0x22]), { "content-type": "application/json" }],
  ["a gzip that isn't one", project, { "content-encoding": "gzip" }],
  ["a long user name", project, { "x-user-id": "u".repeat(5_000) }],
  ["a long key", project, { "idempotency-key": "k".repeat(5_000) }],
  ["an empty key", project, { "idempotency-key": "" }],
  ["a strange accept", project, { accept: "text/html;q=x" }],
])("%s never gives a 5xx", async (_, body, headers) => {
  const response = await fetch(`${base}/projects`, {
    method: "POST",
    body,
    headers: headers as Record<string, string>,
  });
  expect(response.status, await response.text()).toBeLessThan(500);
  expect(response.headers.get("x-request-id")).toBeTruthy();
});

test.each([
  "limit=1&limit=2",
  "limit=1&cursor=a&cursor=b",
  "status=active&status=paused",
  "limit=1e1",
  "limit=0x10",
  "limit=99999999999999999999",
  "cursor=",
  `cursor=${"a".repeat(4_000)}`,
  "__proto__=x",
  "%ff=1",
])("a list asked for ?%s never gives a 5xx", async (query) => {
  const { status } = await call(`GET /projects?${query}`);
  expect(status).toBeLessThan(500);
});

test.each(['"', "W/", "*", '"a", "b"', "x".repeat(3_000)])(
  "If-Match %s never gives a 5xx and a list may hold the right one",
  async (value) => {
    const { id } = await createProject();
    const headers = { "if-match": value };
    const { status } = await call(`PATCH /projects/${id}`, { name: "y" }, headers);
    expect(status).toBeLessThan(500);
    const etag = (await call(`GET /projects/${id}`)).headers.get("etag");
    const listed = { "if-none-match": `"x", ${etag}` };
    expect(await call(`GET /projects/${id}`, undefined, listed)).toMatchObject({ status: 304 });
  },
);

test.each([
  ["[[sleep:-5]]"],
  ["[[sleep:abc]]"],
  ["[[fail:0]]"],
  ["[[fail:-1]]"],
  ["[[confidence:7]]"],
  ["[[bytes:-1]]"],
  ["[[ask:]]"],
  ["[[]]"],
  ["[[dance:1]]"],
  ["[[coder:]]"],
  ["[[[[sleep:1]]]]"],
  ["[[ask:What about [brackets]?]]"],
])("a directive that isn't one does not leave the task stuck: %s", async (instructions) => {
  const { id } = await createProject();
  const task = await createTask(id, { instructions });
  await taskReaches(task, "completed", "failed", "waiting_for_hitl");
});

test("a large answer of a person is kept or refused, whole", async () => {
  const { id } = await createProject();
  const task = await createTask(id, { instructions: "[[ask:Which?]]" });
  const { request_id } = await pendingRequest(id);
  const content = noise(250_000);
  const { status } = await respond(request_id, { action: "amend", content });
  expect([200, 413]).toContain(status);
  const request = await requestOf(request_id);
  if (status === 200) expect(request.amended_content === content).toBe(true);
  else expect(request.status).toBe("pending");
  if (status === 200) await taskReaches(task, "completed");
  expect((await eventsOf(id)).length).toBeGreaterThan(0);
});

test("a far too large body is 413, and nothing is left behind", async () => {
  const { id } = await createProject();
  const { request_id } = await createTask(id, { instructions: "[[ask:Which?]]" }).then(() =>
    pendingRequest(id),
  );
  const content = noise(2_000_000);
  for (const route of [
    `POST /hitl/${request_id}/respond`,
    `POST /projects/${id}/artifacts`,
    "POST /projects",
  ])
    expect([413, 422], route).toContain(
      (await call(route, { action: "amend", artifact_type: "user_input", content })).status,
    );
  expect(await requestOf(request_id)).toMatchObject({ status: "pending" });
});

test("a large artifact is replayed under its key as it was", async () => {
  const { id } = await createProject();
  const body = { artifact_type: "user_input", content: noise(250_000) };
  const headers = { "idempotency-key": unknownId() };
  const first = await call<Artifact>(`POST /projects/${id}/artifacts`, body, headers);
  expect(first.status).toBe(201);
  const again = await call<Artifact>(`POST /projects/${id}/artifacts`, body, headers);
  expect(again.headers.get("idempotency-replayed")).toBe("true");
  expect(again.body).toEqual(first.body);
});

test("very many context ids are refused or run, never a 5xx", async () => {
  const { id } = await createProject();
  const context_ids = Array.from({ length: 500 }, unknownId);
  const body = { agent_type: "coder", instructions: "Write", context_ids };
  const { status } = await call(`POST /projects/${id}/tasks`, body);
  expect([404, 413, 422]).toContain(status);
});

test("the longest instructions in every script run", async () => {
  const { id } = await createProject({ description: '"'.repeat(10_000) });
  const task = await createTask(id, { instructions: "€".repeat(20_000) });
  await taskReaches(task, "completed");
  expect(await ok(`GET /projects/${id}/tasks`)).toMatchObject({
    tasks: [{ instructions: "€".repeat(20_000) }],
  });
});

test.each([
  ["an after beyond the head", { after: 999 }],
  ["an after that is no number", { after: "x" }],
  ["a negative after", { after: -1 }],
])("%s in the address breaks nothing", async (_, query) => {
  const { id } = await createProject();
  const outcome = await openSocket({ project_id: id, ...query }).catch(() => null);
  if (!outcome) return;
  await using socket = outcome;
  socket.send({ action: "ping" });
  await socket.take("pong");
});

test("a message over the limit is answered or closes the socket, and disturbs no other", async () => {
  await using socket = await openSocket();
  await using other = await openSocket();
  socket.send({ action: "subscribe", project_id: "x".repeat(200_000) });
  await Promise.race([
    socket.take("error"),
    new Promise<void>((resolve) => socket.onClose(resolve)),
  ]);
  other.send({ action: "ping" });
  await other.take("pong");
});
