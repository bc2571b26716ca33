import { expect, test } from "vitest";
import {
  approve,
  call,
  createProject,
  createTask,
  eventsOfType,
  ok,
  pendingRequest,
  requestOf,
  respond,
  taskReaches,
  unknownId,
} from "./client.ts";
import type { Decision, HitlRequest } from "./model.ts";

interface Bulk {
  approved_count: number;
  failed_count: number;
  results: { request_id: string }[];
}

const asking = async (fields?: object) => {
  const { id } = await createProject(fields);
  const task = await createTask(id, { instructions: "[[ask:Green or black?]]" });
  return { id, task, request: await pendingRequest(id) };
};

const answers = [
  { action: "approve" },
  { action: "reject" },
  { action: "amend", content: "Black" },
] as const;

test("of twenty answers at once exactly one counts", async () => {
  const { id, request } = await asking();
  const given = Array.from({ length: 20 }, (_, i) => ({
    body: answers[i % answers.length] ?? answers[0],
    user: `user-${i}`,
  }));
  const results = await Promise.all(
    given.map(({ body, user }) =>
      respond<Decision>(request.request_id, body, { "x-user-id": user }),
    ),
  );
  expect(results.map(({ status }) => status).sort()).toEqual([200, ...Array(19).fill(409)]);
  const winner = results.findIndex(({ status }) => status === 200);
  const decided = await requestOf(request.request_id);
  expect(decided).toMatchObject({
    responded_by: given[winner]?.user,
    status: results[winner]?.body.status,
  });
  const users = decided.history.map(({ user_id }) => user_id);
  expect(users.filter((user) => user?.startsWith("user-"))).toEqual([given[winner]?.user]);
  expect(await eventsOfType(id, "hitl_response")).toMatchObject([
    { actor: { type: "user", id: given[winner]?.user } },
  ]);
});

test("an approved gate starts the next task once, whoever else approves", async () => {
  const { id } = await createProject({ workflow: "sdlc" });
  const { request_id } = await pendingRequest(id);
  await Promise.all(Array.from({ length: 20 }, () => respond(request_id, { action: "approve" })));
  await pendingRequest(id);
  const created = await eventsOfType(id, "task_created");
  expect(created).toHaveLength(2);
});

test("bulk approval decides each request on its own", async () => {
  const made = await Promise.all([asking(), asking(), asking()]);
  const pending = made.map(({ request }) => request.request_id);
  const decided = (await asking()).request.request_id;
  await approve(decided);
  const missing = unknownId();
  const bulk = await ok<Bulk>(
    "POST /hitl/bulk/approve",
    { request_ids: [pending[0], missing, pending[1], decided, pending[2]], comment: "All good" },
    { "x-user-id": "ann" },
  );
  expect(bulk).toMatchObject({ approved_count: 3, failed_count: 2 });
  expect(bulk.results.map(({ request_id }) => request_id).sort()).toEqual(
    [...pending, missing, decided].sort(),
  );
  for (const request_id of pending)
    expect(await requestOf(request_id)).toMatchObject({
      status: "approved",
      responded_by: "ann",
      response_comment: "All good",
    });
  for (const { task } of made) await taskReaches(task, "completed");
});

test("a request named twice in one bulk is approved once", async () => {
  const { id, request } = await asking();
  const { status } = await call("POST /hitl/bulk/approve", {
    request_ids: [request.request_id, request.request_id],
  });
  expect([200, 422]).toContain(status);
  expect((await eventsOfType(id, "hitl_response")).length).toBe(status === 200 ? 1 : 0);
});

test.each([
  ["none", { request_ids: [] }],
  ["26", { request_ids: Array.from({ length: 26 }, unknownId) }],
  ["no list", { request_ids: "all" }],
  ["no ids", { request_ids: ["all"] }],
  ["an unknown field", { request_ids: [unknownId()], action: "reject" }],
])("bulk approval refuses %s", async (_, body) => {
  expect(await call("POST /hitl/bulk/approve", body)).toMatchObject({ status: 422 });
});

test("a project's requests are paged, with the count of the pending", async () => {
  const { id } = await createProject();
  for (const instructions of ["[[ask:One?]]", "[[ask:Two?]]", "[[ask:Three?]]"]) {
    const task = await createTask(id, { instructions });
    await taskReaches(task, "waiting_for_hitl");
  }
  const page = (query: string) =>
    ok<{ requests: HitlRequest[]; pending_count: number; next_cursor: string | null }>(
      `GET /hitl/project/${id}/requests?limit=2${query}`,
    );
  const first = await page("");
  expect(first).toMatchObject({ pending_count: 3, next_cursor: expect.any(String) });
  const second = await page(`&cursor=${encodeURIComponent(first.next_cursor ?? "")}`);
  expect(second).toMatchObject({ pending_count: 3, next_cursor: null });
  const questions = [...first.requests, ...second.requests].map(({ question }) => question);
  expect(questions.map((text) => text.match(/One|Two|Three/)?.[0]).sort()).toEqual([
    "One",
    "Three",
    "Two",
  ]);
});
