import { expect, test } from "vitest";
import {
  anotherTaskCompletes,
  approve,
  approveUntil,
  artifactsOf,
  call,
  createProject,
  eventsOf,
  eventsOfType,
  ok,
  pendingRequest,
  requestOf,
  respond,
  statusOf,
  taskOf,
  waitFor,
  workflowEvents,
} from "./client.ts";
import type { Artifact, HitlRequest } from "./model.ts";

const atFirstGate = async (fields: object = {}) => {
  const { id } = await createProject({ workflow: "sdlc", ...fields });
  return { id, gate: await pendingRequest(id) };
};

const nextGate = async (id: string, than: HitlRequest) => {
  await waitFor(
    () => statusOf(id),
    ({ pending_hitl }) =>
      pending_hitl.some(({ request_id }) => request_id !== than.request_id) &&
      pending_hitl.every(({ request_id }) => request_id !== than.request_id),
  );
  return pendingRequest(id);
};

const judged = (request: HitlRequest, version = "") =>
  ok<Artifact>(`GET /context/artifacts/${request.context_ids[0]?.context_id}${version}`);

test("a gate shows what is to be judged, by its digest", async () => {
  const { gate } = await atFirstGate();
  expect(gate.context_ids).toHaveLength(1);
  expect(await judged(gate)).toMatchObject({
    artifact_type: "project_plan",
    source_agent: "analyst",
    version: 1,
    sha256: gate.context_ids[0]?.sha256,
  });
});

test("amending a gate runs the same task again; the gate asks again", async () => {
  const { id, gate } = await atFirstGate();
  const original = await judged(gate);
  const feedback = { wish: "Sell black tea only" };
  await ok(`POST /hitl/${gate.request_id}/respond`, { action: "amend", content: feedback });
  const second = await nextGate(id, gate);
  expect(second.task_id).toBe(gate.task_id);
  expect((await statusOf(id)).tasks).toHaveLength(1);
  const revised = await judged(second);
  expect(revised).toMatchObject({
    context_id: original.context_id,
    version: 2,
    sha256: second.context_ids[0]?.sha256,
  });
  expect(await judged(second, "?version=1")).toMatchObject({
    content: original.content,
    sha256: gate.context_ids[0]?.sha256,
  });
  expect((await requestOf(gate.request_id)).status).toBe("amended");
  await approve(second.request_id);
  expect((await nextGate(id, second)).task_id).not.toBe(gate.task_id);
});

test("the feedback reaches the task as context of its own", async () => {
  const { id, gate } = await atFirstGate();
  const content = "Sell black tea only";
  await ok(`POST /hitl/${gate.request_id}/respond`, { action: "amend", content });
  await nextGate(id, gate);
  const feedback = (await artifactsOf(id)).find((a) => a.artifact_type === "hitl_response");
  const { context_ids } = await taskOf({ project_id: id, task_id: gate.task_id });
  expect(context_ids).toContain(feedback?.context_id);
  const stored = await ok<Artifact>(`GET /context/artifacts/${feedback?.context_id}`);
  expect(JSON.stringify(stored.content)).toContain(content);
});

test("an amended run ends like a clean one: nine tasks, each phase once", async () => {
  const { id, gate } = await atFirstGate();
  await ok(`POST /hitl/${gate.request_id}/respond`, { action: "amend", content: "Once more" });
  const { tasks } = await approveUntil(id, "completed");
  expect(tasks).toHaveLength(9);
  const happened = await workflowEvents(id);
  for (const [event, times] of [
    ["phase_started", 6],
    ["phase_completed", 6],
    ["project_completed", 1],
  ])
    expect(
      happened.filter((name) => name === event),
      String(event),
    ).toHaveLength(Number(times));
});

test("rejecting halts the project; resume runs the rejected task again", async () => {
  const { id, gate } = await atFirstGate();
  await ok(`POST /hitl/${gate.request_id}/respond`, { action: "reject", comment: "No" });
  expect(await statusOf(id)).toMatchObject({ status: "halted", pending_hitl: [] });
  await anotherTaskCompletes();
  expect((await statusOf(id)).tasks).toHaveLength(1);
  expect(await ok(`POST /projects/${id}/resume`)).toMatchObject({ status: "active" });
  const second = await nextGate(id, gate);
  expect(second.task_id).toBe(gate.task_id);
  expect(await workflowEvents(id)).toEqual(
    expect.arrayContaining(["project_halted", "project_resumed"]),
  );
  await approve(second.request_id);
  expect((await nextGate(id, second)).task_id).not.toBe(gate.task_id);
});

test("a gate stays open over a pause, and its answer counts after resume", async () => {
  const { id, gate } = await atFirstGate();
  await ok(`POST /projects/${id}/pause`);
  expect((await requestOf(gate.request_id)).status).toBe("pending");
  const answer = await respond(gate.request_id, { action: "approve" });
  expect(answer.status).toBe(200);
  await anotherTaskCompletes();
  const { tasks } = await statusOf(id);
  expect(tasks.filter(({ started_at }) => started_at !== null)).toHaveLength(1);
  await ok(`POST /projects/${id}/resume`);
  expect((await nextGate(id, gate)).task_id).not.toBe(gate.task_id);
});

test("cancelling a project closes its gate", async () => {
  const { id, gate } = await atFirstGate();
  await ok(`POST /projects/${id}/cancel`);
  expect((await requestOf(gate.request_id)).status).toBe("cancelled");
  expect(await respond(gate.request_id, { action: "approve" })).toMatchObject({ status: 409 });
  expect(await call("POST /hitl/bulk/approve", { request_ids: [gate.request_id] })).toMatchObject({
    body: { approved_count: 0, failed_count: 1 },
  });
});

test("closing by hand in mid-workflow completes the project once and starts nothing", async () => {
  const { id, gate } = await atFirstGate();
  await ok(`POST /projects/${id}/force-complete`);
  expect(await respond(gate.request_id, { action: "approve" })).toMatchObject({ status: 409 });
  await anotherTaskCompletes();
  expect((await statusOf(id)).tasks).toHaveLength(1);
  expect((await workflowEvents(id)).filter((name) => name === "project_completed")).toHaveLength(1);
});

test("oversight lowered in mid-run counts for the gates to come", async () => {
  const { id, gate } = await atFirstGate({ oversight_level: "medium" });
  await ok(`PATCH /projects/${id}`, { oversight_level: "low" });
  await approve(gate.request_id);
  await waitFor(
    () => statusOf(id),
    ({ status }) => status === "completed",
  );
  expect(await eventsOfType(id, "hitl_request_created")).toHaveLength(1);
});

test("failed tests send the code back to the coder, then testing goes on", async () => {
  const description = "[[tests:fail:1]]";
  const { id } = await createProject({ workflow: "sdlc", oversight_level: "low", description });
  await waitFor(
    () => statusOf(id),
    ({ status }) => status === "completed",
  );
  const done = (await eventsOf(id)).filter(({ event_type }) => event_type === "task_completed");
  const { tasks } = await statusOf(id);
  const nameOf = (task_id: string | null) => tasks.find((task) => task.task_id === task_id)?.name;
  expect(done.map(({ task_id }) => nameOf(task_id)).slice(6, -2)).toEqual([
    "Code Testing",
    "Bug Fix",
    "Code Testing",
  ]);
  const code = (await artifactsOf(id)).find((a) => a.artifact_type === "source_code");
  expect(code).toMatchObject({ version: 3 });
  expect((await workflowEvents(id)).filter((name) => name === "phase_started")).toHaveLength(6);
});

test("after three rounds of failed tests a person is asked, even at low", async () => {
  const description = "[[tests:fail:9]]";
  const { id } = await createProject({ workflow: "sdlc", oversight_level: "low", description });
  const request = await pendingRequest(id);
  const { status, current_phase, tasks } = await statusOf(id);
  expect({ status, current_phase }).toEqual({ status: "active", current_phase: "validate" });
  expect(tasks.some(({ name }) => name === "Deployment")).toBe(false);
  const code = (await artifactsOf(id)).find((a) => a.artifact_type === "source_code");
  expect(code).toMatchObject({ version: 5 });
  await respond(request.request_id, { action: "reject" });
  expect((await statusOf(id)).status).toBe("halted");
});
