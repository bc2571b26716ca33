import { expect, test } from "vitest";
import {
  call,
  createArtifact,
  createProject,
  createTask,
  eventsOf,
  instant,
  ok,
  taskReaches,
  uuid7,
} from "./client.ts";
import type { ProjectEvent } from "./model.ts";

interface Page {
  events: ProjectEvent[];
  head: number;
  next_after: number | null;
}

/** A project with at least `count` events. */
const projectWith = async (count: number) => {
  const { id } = await createProject();
  for (let i = 1; i < count; i++) await ok(`PATCH /projects/${id}`, { name: `Name ${i}` });
  return id;
};

test("the log counts 1, 2, 3 and pages without gap or repetition", async () => {
  const id = await projectWith(7);
  const seqs: number[] = [];
  let after: number | null = 0;
  for (let pages = 0; after !== null && seqs.length < 7 && pages < 10; pages++) {
    const page: Page = await ok(`GET /projects/${id}/events?limit=3&after=${after}`);
    expect(page.events.length).toBeLessThanOrEqual(3);
    expect(page.head).toBe(7);
    seqs.push(...page.events.map(({ seq }) => seq));
    after = page.next_after;
  }
  expect(seqs).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

test("after the head there is nothing", async () => {
  const id = await projectWith(2);
  expect(await ok(`GET /projects/${id}/events?after=2`)).toMatchObject({ events: [], head: 2 });
  expect(await ok(`GET /projects/${id}/events?after=99`)).toMatchObject({ events: [], head: 2 });
});

test("the log is filtered by type", async () => {
  const id = await projectWith(4);
  await createArtifact(id, "green");
  await ok(`PATCH /projects/${id}`, { name: "Last" });
  const updates = await eventsOf(id, "&event_type=project_updated");
  expect(updates.map(({ seq }) => seq)).toEqual([2, 3, 4, 6]);
  const created = await eventsOf(id, "&event_type=artifact_created");
  expect(created.map(({ seq }) => seq)).toEqual([5]);
});

test("a rare type is found behind many others, page by page", async () => {
  const id = await projectWith(12);
  await createArtifact(id, "green");
  const found: number[] = [];
  let after: number | null = 0;
  for (let pages = 0; after !== null && found.length === 0 && pages < 20; pages++) {
    const route = `GET /projects/${id}/events?limit=1&event_type=artifact_created&after=${after}`;
    const page: Page = await ok(route);
    found.push(...page.events.map(({ seq }) => seq));
    after = page.next_after;
  }
  expect(found).toEqual([13]);
});

test.each(["after=-1", "after=x", "after=1.5", "limit=0", "limit=101", "event_type=tea_ready"])(
  "the log refuses ?%s",
  async (query) => {
    const { id } = await createProject();
    expect(await call(`GET /projects/${id}/events?${query}`)).toMatchObject({ status: 422 });
  },
);

test("every event says who did it: person, agent or system", async () => {
  const { id } = await createProject({}, { "x-user-id": "ann" });
  await taskReaches(await createTask(id), "completed");
  const events = await eventsOf(id);
  for (const event of events)
    expect(event).toMatchObject({
      event_id: expect.stringMatching(uuid7),
      project_id: id,
      timestamp: expect.stringMatching(instant),
      actor: { type: expect.stringMatching(/^(user|agent|system)$/), id: expect.any(String) },
    });
  const actorOf = (type: string) => events.find(({ event_type }) => event_type === type)?.actor;
  expect(actorOf("project_created")).toEqual({ type: "user", id: "ann" });
  expect(actorOf("task_created")).toEqual({ type: "user", id: "local-user" });
  expect(actorOf("task_completed")).toEqual({ type: "agent", id: "coder" });
  const times = events.map(({ timestamp }) => timestamp);
  expect(times).toEqual([...times].sort());
});
