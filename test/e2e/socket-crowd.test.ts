import { expect, test } from "vitest";
import { crowd } from "../support/crowd.ts";
import {
  approveUntil,
  call,
  createProject,
  createTask,
  eventsOf,
  statusOf,
  taskReaches,
  waitFor,
} from "./client.ts";
import { catchUp, createLog, openRaw, openSocket } from "./socket.ts";

const sdlc = (oversight_level: string, description: string | null = null) =>
  createProject({ workflow: "sdlc", oversight_level, description });

test("many sockets follow a run, each without a gap", async () => {
  const { id } = await sdlc("medium");
  const followers = await Promise.all(
    Array.from({ length: crowd }, async () => {
      const socket = await openSocket({ project_id: id, after: 0 });
      const log = createLog(id);
      log.follow(socket);
      return { socket, log };
    }),
  );
  const { head } = await approveUntil(id, "completed");
  await Promise.all(followers.map(({ log, socket }) => catchUp(log, socket, id, head)));
  const events = await eventsOf(id);
  for (const { log, socket } of followers) {
    expect(log.events).toEqual(events);
    expect(socket.isOpen()).toBe(true);
    socket.close();
  }
});

test("clients that come and go during a run end with the whole log", async () => {
  const { id } = await sdlc("low", "[[sleep:150]]");
  const isOver = async () => (await statusOf(id)).status === "completed";
  let over = false;
  const clients = Array.from({ length: 15 }, async (_, index) => {
    const log = createLog(id);
    while (!over) {
      await using socket = await openSocket({ project_id: id, after: log.last() });
      log.follow(socket);
      const until = log.last() + 1 + (index % 5);
      await waitFor(
        () => over || log.last() >= until,
        (enough) => enough,
        { everyMs: 20 },
      );
    }
    return log;
  });
  await waitFor(isOver, (done) => done, { everyMs: 250 }).finally(() => {
    over = true;
  });
  const logs = await Promise.all(clients);
  const events = await eventsOf(id);
  for (const log of logs) {
    await using socket = await openSocket({ project_id: id, after: log.last() });
    log.follow(socket);
    await catchUp(log, socket, id, events.length);
    expect(log.events).toEqual(events);
  }
});

test("dead and sleeping sockets disturb nobody", async () => {
  const { id } = await sdlc("low", "[[sleep:100]]");
  const raws = await Promise.all(Array.from({ length: 12 }, () => openRaw({ project_id: id })));
  await using socket = await openSocket({ project_id: id, after: 0 });
  const log = createLog(id);
  log.follow(socket);
  for (const raw of raws.slice(0, 8)) raw.destroy();
  const { head } = await approveUntil(id, "completed");
  await catchUp(log, socket, id, head);
  expect(log.events).toEqual(await eventsOf(id));
  expect(await call(`GET /projects/${id}`)).toMatchObject({ status: 200 });
  for (const raw of raws) raw.destroy();
});

test("a client that was away gets exactly what it missed", async () => {
  const { id } = await createProject();
  const log = createLog(id);
  {
    await using early = await openSocket({ project_id: id, after: 0 });
    log.follow(early);
    await waitFor(log.last, (last) => last > 0, { everyMs: 10 });
  }
  const seen = log.last();
  const tasks = await Promise.all(Array.from({ length: 5 }, () => createTask(id)));
  for (const task of tasks) await taskReaches(task, "completed");
  const { head } = await statusOf(id);
  await using late = await openSocket({ project_id: id, after: seen });
  log.follow(late);
  await waitFor(log.last, (last) => last >= head);
  const replayed = late.frames.flatMap(({ events = [] }) => events.map(({ seq }) => seq));
  expect(replayed[0]).toBe(seen + 1);
  expect(new Set(replayed).size).toBe(replayed.length);
  expect(log.events).toEqual(await eventsOf(id));
});
