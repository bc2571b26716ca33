import { expect, test } from "vitest";
import {
  approve,
  approveUntil,
  artifactsOf,
  call,
  createArtifact,
  createProject,
  createTask,
  eventsOf,
  eventsOfType,
  ok,
  pendingRequest,
  requestOf,
  respond,
  slowly,
  statusOf,
  taskOf,
  taskReaches,
  waitFor,
  workflowEvents,
} from "./client.ts";
import type { AgentStatus, Project, Status } from "./model.ts";

const times = <T>(count: number, make: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)));

test("twenty changes of one project at once all count", async () => {
  const { id, head } = await createProject();
  const answers = await times(20, (i) =>
    call<Project>(`PATCH /projects/${id}`, { name: `Name ${i}` }),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
  expect((await statusOf(id)).head).toBe(head + 20);
  expect(new Set(answers.map(({ body }) => body.head)).size).toBe(20);
});

test("of ten with the same If-Match one gets through", async () => {
  const { id } = await createProject();
  const etag = (await call(`GET /projects/${id}`)).headers.get("etag") ?? "";
  const answers = await times(10, (i) =>
    call(`PATCH /projects/${id}`, { name: `Name ${i}` }, { "if-match": etag }),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(412)]);
});

test.each(["pause", "cancel", "force-complete"])(
  "of ten who %s at once one does it",
  async (what) => {
    const { id, head } = await createProject();
    const answers = await times(10, () => call(`POST /projects/${id}/${what}`));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(409)]);
    expect(await workflowEvents(id)).toHaveLength(1);
    expect((await statusOf(id)).head).toBeGreaterThan(head);
  },
);

test("of an answer and a cancel at once each 200 has its effect", async () => {
  const { id } = await createProject();
  const task = await createTask(id, { instructions: "[[ask:Which?]]" });
  const { request_id } = await pendingRequest(id);
  const [answer, cancel] = await Promise.all([
    respond(request_id, { action: "approve" }),
    call(`POST /projects/${id}/tasks/${task.task_id}/cancel`),
  ]);
  const done = await taskReaches(task, "cancelled", "completed");
  if (cancel.status === 200) expect(done.status).toBe("cancelled");
  else expect(done.status).toBe("completed");
  const { status } = await requestOf(request_id);
  expect(status).toBe(answer.status === 200 ? "approved" : "cancelled");
});

test("a picture in mid-run agrees with the log at its head", async () => {
  const { id } = await createProject({ workflow: "sdlc", oversight_level: "medium" });
  const pictures: Status[] = [];
  await waitFor(
    async () => {
      const picture = await statusOf(id);
      pictures.push(picture);
      for (const { request_id } of picture.pending_hitl) await approve(request_id);
      return picture.status;
    },
    (status) => status === "completed",
    { everyMs: 5 },
  );
  const events = await eventsOf(id);
  const count = (type: string, head: number) =>
    events.filter(({ event_type, seq }) => event_type === type && seq <= head).length;
  for (const { head, tasks, pending_hitl } of pictures) {
    const shown = {
      created: tasks.length,
      completed: tasks.filter(({ status }) => status === "completed").length,
      pending: pending_hitl.length,
    };
    expect(shown, `head ${head}`).toMatchObject({
      created: count("task_created", head),
      pending: count("hitl_request_created", head) - count("hitl_response", head),
    });
    expect(shown.completed).toBeLessThanOrEqual(count("task_completed", head));
  }
});

test("an agent with two tasks works until both are done", async () => {
  const { id } = await createProject();
  const long = await createTask(id, { instructions: slowly });
  const short = await createTask(id, { instructions: "[[sleep:100]]" });
  await taskReaches(long, "working");
  await taskReaches(short, "completed");
  const { agents, tasks } = await statusOf(id);
  if (tasks.some(({ status }) => status === "working"))
    expect(agents.find(({ agent_type }) => agent_type === "coder")).toMatchObject<
      Partial<AgentStatus>
    >({ status: "working", current_task_id: long.task_id });
});

test("the user's own task runs beside the workflow and changes nothing in it", async () => {
  const { id } = await createProject({ workflow: "sdlc", oversight_level: "low" });
  const own = await createTask(id, { agent_type: "tester" });
  const { tasks } = await approveUntil(id, "completed");
  expect(tasks).toHaveLength(10);
  expect(tasks.find(({ task_id }) => task_id === own.task_id)).toMatchObject({ phase: null });
  expect(await workflowEvents(id)).toHaveLength(13);
});

test("a cancelled step of the workflow holds it until it is retried", async () => {
  const { id } = await createProject({ workflow: "sdlc", description: "[[analyst:sleep:2500]]" });
  const [planning] = (await statusOf(id)).tasks;
  const path = `/projects/${id}/tasks/${planning?.task_id}`;
  await ok(`POST ${path}/cancel`);
  await ok(`POST ${path}/retry`);
  expect((await pendingRequest(id)).task_id).toBe(planning?.task_id);
  expect((await statusOf(id)).tasks).toMatchObject([{ status: "completed" }]);
});

test("an artifact deleted under its gate breaks neither gate nor workflow", async () => {
  const { id } = await createProject({ workflow: "sdlc" });
  const gate = await pendingRequest(id);
  await ok(`DELETE /context/artifacts/${gate.context_ids[0]?.context_id}`);
  expect(await call(`GET /hitl/${gate.request_id}/context`)).toMatchObject({ status: 200 });
  await approve(gate.request_id);
  expect((await pendingRequest(id)).task_id).not.toBe(gate.task_id);
});

test("context deleted before its task starts does not leave the task stuck", async () => {
  const { id } = await createProject();
  await ok(`POST /projects/${id}/pause`);
  const { context_id } = await createArtifact(id, "green");
  const task = await createTask(id, { context_ids: [context_id] });
  await ok(`DELETE /context/artifacts/${context_id}`);
  await ok(`POST /projects/${id}/resume`);
  await taskReaches(task, "completed", "failed");
});

test("after a rejected failure, resume runs the task again", async () => {
  const { id } = await createProject();
  const task = await createTask(id, { instructions: "[[fail:always]]" });
  const { request_id } = await pendingRequest(id);
  await ok(`POST /hitl/${request_id}/respond`, { action: "reject" });
  await ok(`POST /projects/${id}/resume`);
  await pendingRequest(id);
  expect(await eventsOfType(id, "task_failed")).toHaveLength(2);
  expect(await taskOf(task)).toMatchObject({ status: "failed" });
});

test("two projects that run at once keep their artifacts apart", async () => {
  const made = await times(2, (i) =>
    createProject({ name: `Shop ${i}`, workflow: "sdlc", oversight_level: "low" }),
  );
  for (const { id } of made) await approveUntil(id, "completed");
  for (const { id, name } of made) {
    const contents = await Promise.all(
      (await artifactsOf(id)).map(({ context_id }) => ok(`GET /context/artifacts/${context_id}`)),
    );
    expect(contents).toHaveLength(8);
    expect(JSON.stringify(contents)).not.toContain(name === "Shop 0" ? "Shop 1" : "Shop 0");
  }
});
