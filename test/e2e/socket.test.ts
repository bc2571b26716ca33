import { expect, test } from "vitest";
import {
  createProject,
  createTask,
  eventsOf,
  ok,
  statusOf,
  taskReaches,
  unknownId,
  waitFor,
} from "./client.ts";
import type { ProjectEvent } from "./model.ts";
import { createLog, openSocket, type Socket } from "./socket.ts";

/** What came of a project, without what came again: a client drops what it has. */
const eventsIn = (socket: Socket, projectId: string) => {
  const came = socket.frames
    .filter(({ type, project_id }) => type === "events" && project_id === projectId)
    .flatMap(({ events }) => events);
  return [...new Map(came.map((event) => [event.seq, event])).values()];
};

const rename = (id: string, name: string) => ok(`PATCH /projects/${id}`, { name });

const seqsOf = (events: ProjectEvent[]) => events.map(({ seq }) => seq);

test("subscribing brings the log from its beginning, then what happens", async () => {
  const { id, head } = await createProject();
  await using socket = await openSocket();
  socket.send({ action: "subscribe", project_id: id, after: 0 });
  expect(await socket.take("subscribed")).toMatchObject({ project_id: id, head });
  expect(await socket.take("events")).toMatchObject({ project_id: id, from: 1, to: head });
  await rename(id, "Coffee shop");
  const live = await socket.take("events");
  expect(live).toMatchObject({ from: head + 1, to: head + 1 });
  expect(live.events).toEqual((await eventsOf(id)).slice(head));
});

test("an address with a project subscribes without a message", async () => {
  const { id } = await createProject();
  await rename(id, "Coffee shop");
  await using socket = await openSocket({ project_id: id, after: 1 });
  expect(await socket.take("events")).toMatchObject({ project_id: id, from: 2, to: 2 });
  await rename(id, "Tea shop");
  expect(await socket.take("events")).toMatchObject({ from: 3, to: 3 });
});

test("who is up to date gets nothing but what is new", async () => {
  const { id, head } = await createProject();
  await using socket = await openSocket();
  socket.send({ action: "subscribe", project_id: id, after: head });
  await socket.take("subscribed");
  await rename(id, "Coffee shop");
  expect(await socket.take("events")).toMatchObject({ from: head + 1, to: head + 1 });
  expect(seqsOf(eventsIn(socket, id))).toEqual([head + 1]);
});

test("a task's events arrive live, without being asked for", async () => {
  const { id } = await createProject();
  await using socket = await openSocket();
  const log = createLog(id);
  log.follow(socket);
  socket.send({ action: "subscribe", project_id: id, after: 0 });
  await socket.take("subscribed");
  await taskReaches(await createTask(id), "completed");
  const { head } = await statusOf(id);
  await waitFor(log.last, (last) => last === head);
  expect(log.events).toEqual(await eventsOf(id));
});

test("the replay is cut into frames of at most 32 KB", async () => {
  const { id } = await createProject();
  for (let i = 0; i < 12; i++)
    await ok(`PATCH /projects/${id}`, { description: String.fromCharCode(97 + i).repeat(9e3) });
  for (let i = 0; i < 5; i++) await createTask(id, { instructions: "x".repeat(20_000) });
  const { head } = await waitFor(
    () => statusOf(id),
    ({ tasks }) => tasks.every(({ status }) => status === "completed"),
  );
  await using socket = await openSocket({ project_id: id, after: 0 });
  await waitFor(
    () => eventsIn(socket, id).length,
    (count) => count >= head,
  );
  expect(eventsIn(socket, id)).toEqual(await eventsOf(id));
  expect(socket.largest()).toBeLessThanOrEqual(32 * 1024);
});

test("text that grows when it is written as JSON fits its frame too", async () => {
  const { id } = await createProject();
  await using socket = await openSocket();
  socket.send({ action: "subscribe", project_id: id, after: 0 });
  await socket.take("subscribed");
  await ok(`PATCH /projects/${id}`, { description: '"'.repeat(10_000) });
  await createTask(id, { instructions: "€".repeat(20_000) });
  const artifact = { artifact_type: "user_input", content: 1 };
  await ok(`POST /projects/${id}/artifacts`, {
    ...artifact,
    artifact_metadata: { notes: "€".repeat(4_000) },
  });
  await rename(id, "Last");
  await waitFor(
    () => eventsIn(socket, id),
    (events) => events.some(({ data }) => JSON.stringify(data).includes("Last")),
  );
  expect(socket.largest()).toBeLessThanOrEqual(32 * 1024);
});

test("a subscription to some event types brings just these", async () => {
  const { id } = await createProject();
  await using socket = await openSocket();
  const event_types = ["task_completed", "project_updated"];
  socket.send({ action: "subscribe", project_id: id, after: 0, event_types });
  await socket.take("subscribed");
  await taskReaches(await createTask(id), "completed");
  await rename(id, "Last");
  await waitFor(
    () => eventsIn(socket, id).length,
    (count) => count >= 2,
  );
  const types = eventsIn(socket, id).map(({ event_type }) => event_type);
  expect(types).toEqual(["task_completed", "project_updated"]);
});

test("ping tells the head, and brings what came after the last seq", async () => {
  const { id } = await createProject();
  await rename(id, "Coffee shop");
  await using socket = await openSocket();
  socket.send({ action: "subscribe", project_id: id, after: 2 });
  await socket.take("subscribed");
  socket.send({ action: "ping", project_id: id, last: 2 });
  expect(await socket.take("pong")).toMatchObject({ head: 2 });
  expect(eventsIn(socket, id)).toEqual([]);
  socket.send({ action: "ping", project_id: id, last: 0 });
  expect(await socket.take("pong")).toMatchObject({ head: 2 });
  await socket.take("events");
  expect(seqsOf(eventsIn(socket, id))).toEqual([1, 2]);
  socket.send({ action: "ping" });
  await socket.take("pong");
});

test("after unsubscribing nothing comes any more", async () => {
  const { id, head } = await createProject();
  await using socket = await openSocket();
  socket.send({ action: "subscribe", project_id: id, after: head });
  await socket.take("subscribed");
  socket.send({ action: "unsubscribe", project_id: id });
  expect(await socket.take("unsubscribed")).toMatchObject({ project_id: id });
  await rename(id, "Coffee shop");
  socket.send({ action: "ping" });
  await socket.take("pong");
  expect(eventsIn(socket, id)).toEqual([]);
});

test("one socket follows two projects, and none it did not ask for", async () => {
  const [a, b, c] = [await createProject(), await createProject(), await createProject()];
  await using socket = await openSocket();
  for (const { id } of [a, b]) socket.send({ action: "subscribe", project_id: id, after: 0 });
  await socket.take("subscribed");
  await socket.take("subscribed");
  for (const { id } of [c, a, b]) await rename(id, "Coffee shop");
  await waitFor(
    () => [eventsIn(socket, a.id).length, eventsIn(socket, b.id).length],
    ([ofA, ofB]) => ofA === 2 && ofB === 2,
  );
  const projects = new Set(socket.frames.map(({ project_id }) => project_id));
  expect(projects).toEqual(new Set([a.id, b.id]));
});

test.each([
  ["an unknown action", { action: "dance" }],
  ["a reserved action", { action: "$disconnect" }],
  ["no action", { project_id: unknownId() }],
  ["text", "hello"],
  ["broken JSON", "{"],
  ["a list", "[]"],
  ["null", "null"],
  ["an empty message", ""],
  ["subscribe without a project", { action: "subscribe" }],
  ["subscribe to no id", { action: "subscribe", project_id: "x" }],
  ["subscribe to an unknown project", { action: "subscribe", project_id: unknownId() }],
  ["ping about an unknown project", { action: "ping", project_id: unknownId(), last: 0 }],
  ["a negative after", { action: "subscribe", project_id: unknownId(), after: -1 }],
  ["unknown event types", { action: "subscribe", project_id: unknownId(), event_types: ["tea"] }],
  ["an unknown field", { action: "ping", admin: true }],
])("%s is answered with an error and the socket stays open", async (_, message) => {
  await using socket = await openSocket();
  socket.send(message);
  const { problem } = await socket.take("error");
  expect(problem).toMatchObject({
    type: expect.stringMatching(/\/problems\/[a-z-]+$/),
    title: expect.stringMatching(/./),
    status: expect.any(Number),
  });
  socket.send({ action: "ping" });
  await socket.take("pong");
  expect(socket.isOpen()).toBe(true);
});

test("an unknown project in the address brings no events", async () => {
  const outcome = await openSocket({ project_id: unknownId() }).catch((error: Error) => error);
  if (outcome instanceof Error) return;
  await using socket = outcome;
  expect(await socket.take("error")).toMatchObject({ problem: { status: 404 } });
});
