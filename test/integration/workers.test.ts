import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, expect, test } from "vitest";
import { keys } from "../../lib/adapters/dynamodb/keys.ts";
import { type Packed, pack, unpack } from "../../lib/adapters/dynamodb/pack.ts";
import type { ProjectRecord } from "../../lib/domain/project/project.ts";
import { addArtifact } from "../../lib/services/artifacts/artifacts.ts";
import {
  cancel as cancelProject,
  pause,
  resume,
} from "../../lib/services/projects/steer-project.ts";
import { cancel, createTask, retry } from "../../lib/services/tasks/task-commands.ts";
import { aCall, startBackend } from "../support/backend.ts";
import { movableClock } from "../support/clock.ts";
import { countCalls } from "../support/count-calls.ts";
import { crowd } from "../support/crowd.ts";
import { perform } from "../support/perform.ts";
import { useCasesOf } from "../support/use-cases.ts";

const clock = movableClock();
const backend = await startBackend({ clock, env: { LEASE_SECONDS: "60" } });
const on = useCasesOf(backend);
afterAll(() => backend[Symbol.asyncDispose]());

const typesOf = async (project_id: string) =>
  (await on.log(project_id)).map(({ event_type }) => event_type);

const messageOf = ({ project_id, task_id }: { project_id: string; task_id: string }) => ({
  tenant: "local",
  project_id,
  task_id,
  correlation_id: "test",
});

const taskIn = async (instructions: string) => {
  const { id } = await on.project();
  return on.task(id, instructions);
};

test("a message that is delivered ten times at once runs the task once", async () => {
  const task = await taskIn("Write a haiku.");
  await Promise.all(Array.from({ length: 10 }, () => backend.runTask(messageOf(task))));
  const types = await typesOf(task.project_id);
  expect(types.filter((type) => type === "task_started")).toHaveLength(1);
  expect(types.filter((type) => type === "task_completed")).toHaveLength(1);
});

test("a worker whose lease was taken over can write nothing", async () => {
  const task = await taskIn("[[sleep:1500]] Write a haiku.");
  const frozen = backend.runTask(messageOf(task));
  await expect
    .poll(() => on.taskOf(task.project_id, task.task_id))
    .toMatchObject({ attempt: 1, progress_percentage: 50 });
  clock.forward(61_000);
  await backend.sweep();
  expect(await on.taskOf(task.project_id, task.task_id)).toMatchObject({ status: "pending" });
  await Promise.all([frozen, backend.runTask(messageOf(task))]);
  expect(await on.taskOf(task.project_id, task.task_id)).toMatchObject({
    status: "completed",
    attempt: 2,
  });
  const completed = (await on.log(task.project_id)).filter(
    ({ event_type }) => event_type === "task_completed",
  );
  expect(completed).toMatchObject([{ data: { attempt: 2 } }]);
  await backend.work();
});

test("a task nobody was told of is sent again by the sweeper", async () => {
  const task = await taskIn("Write a haiku.");
  await backend.tables.sqs.send(
    new ReceiveMessageCommand({ QueueUrl: backend.tables.taskQueueUrl, MaxNumberOfMessages: 10 }),
  );
  clock.forward(31_000);
  await backend.sweep();
  await backend.work();
  expect(await on.taskOf(task.project_id, task.task_id)).toMatchObject({ status: "completed" });
});

test("failed attempts come back; after the last one the human is asked and the answer counts", async () => {
  const task = await taskIn("[[fail:3]] Write a haiku.");
  await backend.work();
  expect(await on.taskOf(task.project_id, task.task_id)).toMatchObject({
    status: "failed",
    attempt: 3,
    error: { code: "offline_failure" },
  });
  const [request] = await on.pending(task.project_id);
  expect(request).toMatchObject({ options: ["retry", "skip", "cancel"] });
  await on.answer({ request_id: request?.request_id ?? "", action: "amend", content: "retry" });
  await backend.work();
  expect(await on.taskOf(task.project_id, task.task_id)).toMatchObject({
    status: "completed",
    attempt: 4,
    max_attempts: 6,
  });
});

test("a person's retry takes the open question about the failure back", async () => {
  const task = await taskIn("[[fail:3]] Write a haiku.");
  await backend.work();
  await on.perform(retry(task));
  expect(await on.pending(task.project_id)).toEqual([]);
  await backend.work();
  expect(await on.taskOf(task.project_id, task.task_id)).toMatchObject({ status: "completed" });
});

test("a cancelled task stays cancelled, whatever its worker still does", async () => {
  const task = await taskIn("[[sleep:1500]] Write a haiku.");
  const running = backend.runTask(messageOf(task));
  await expect
    .poll(() => on.taskOf(task.project_id, task.task_id))
    .toMatchObject({ status: "working" });
  await on.perform(cancel(task));
  await running;
  expect(await on.taskOf(task.project_id, task.task_id)).toMatchObject({ status: "cancelled" });
  expect(await typesOf(task.project_id)).not.toContain("task_completed");
});

test("paused: nothing new starts, also not by the sweeper; a resume starts what waits", async () => {
  const { id: project_id } = await on.project();
  await on.perform(pause({ project_id }));
  const task = await on.task(project_id, "Write a haiku.");
  clock.forward(31_000);
  await backend.sweep();
  await backend.runTask(messageOf(task));
  expect(await on.taskOf(project_id, task.task_id)).toMatchObject({ status: "pending" });
  await on.perform(resume({ project_id }));
  await backend.work();
  expect(await on.taskOf(project_id, task.task_id)).toMatchObject({ status: "completed" });
});

test("cancelling a project ends everything open in it, however much that is", async () => {
  const { id: project_id } = await on.project();
  const tasks = await Promise.all(
    Array.from({ length: 30 }, (_, index) => on.task(project_id, `Write haiku ${index}.`)),
  );
  expect(tasks).toHaveLength(30);
  await on.perform(cancelProject({ project_id }));
  const { status, follow_up, counts } = await on.projectOf(project_id);
  expect({ status, follow_up, open: counts.open }).toEqual({
    status: "cancelled",
    follow_up: null,
    open: 0,
  });
  expect((await typesOf(project_id)).filter((type) => type === "task_cancelled")).toHaveLength(30);
});

/** Stores the project as it was before follow-ups had an id. */
const makeOld = async (project_id: string) => {
  const { documentClient, tableName: TableName } = backend.tables;
  const Key = keys.project({ tenant: "local", project_id });
  const { Item } = await documentClient.send(new GetCommand({ TableName, Key }));
  const { follow_up, ...project } = unpack(Item?.body as Packed) as ProjectRecord;
  const chore = { chore: follow_up?.kind, chore_since: project.head, chore_at: follow_up?.at };
  await documentClient.send(
    new PutCommand({ TableName, Item: { ...Item, v: 1, body: pack({ ...project, ...chore }) } }),
  );
};

test("what was left to be done before follow-ups had an id is found and finished", async () => {
  const { id: project_id } = await on.project();
  await on.task(project_id, "Write a haiku.");
  const dying = { ...backend.deps, commit: backend.deps.commitOnly };
  await perform(dying, cancelProject({ project_id }));
  await makeOld(project_id);
  const { head, follow_up } = await on.projectOf(project_id);
  expect(follow_up).toMatchObject({ id: `seq-${head}`, kind: "close_open" });
  clock.forward(31_000);
  await backend.sweep();
  expect(await on.projectOf(project_id)).toMatchObject({ follow_up: null, counts: { open: 0 } });
});

test("many tasks at once in one project all get through, and the log has no gaps", async () => {
  const { id: project_id } = await on.project();
  await Promise.all(
    Array.from({ length: crowd }, (_, index) => on.task(project_id, `Haiku ${index}`)),
  );
  await backend.work();
  const { counts, head } = await on.projectOf(project_id);
  expect(counts).toMatchObject({ tasks: crowd, completed: crowd, open: 0 });
  const seqs = (await on.log(project_id)).map(({ seq }) => seq);
  expect(seqs).toEqual(Array.from({ length: head }, (_, index) => index + 1));
});

test("the same context named twice is read once", async () => {
  const { id: project_id } = await on.project();
  const { context_id } = await on.perform(
    addArtifact(backend.deps, aCall(), {
      project_id,
      artifact_type: "user_input",
      content: "Books, not maps.",
      artifact_metadata: {},
    }),
  );
  const task = await on.perform(
    createTask({
      project_id,
      agent_type: "coder",
      instructions: "Write.",
      context_ids: [context_id, context_id],
      priority: 3,
    }),
  );
  expect(task.context_ids).toEqual([context_id]);
  await backend.work();
  expect(await on.taskOf(project_id, task.task_id)).toMatchObject({ status: "completed" });
});

test("a project with a follow-up is worked on without each worker running it again", async () => {
  const { id: project_id } = await on.project();
  await on.perform(pause({ project_id }));
  for (let index = 0; index < 10; index += 1) await on.task(project_id, `Haiku ${index}`);
  const meter = countCalls(backend.platform.clients);
  await on.perform(resume({ project_id }));
  expect(meter.take().calls.filter((name) => name === "SendMessage")).toHaveLength(10);
  await backend.work();
  expect(meter.take().calls).not.toContain("SendMessage");
  expect((await on.projectOf(project_id)).counts).toMatchObject({ completed: 10 });
});
