import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import type { Context } from "aws-lambda";
import { afterAll, expect, test } from "vitest";
import { serveProjects } from "../../functions/bindings/projects.ts";
import { openBatch } from "../../functions/wiring/batch.ts";
import { openHttp } from "../../functions/wiring/http.ts";
import { openDependencies } from "../../functions/wiring/platform.ts";
import { TaskMessage } from "../../lib/contracts/queue-messages.ts";
import { cancel, resume } from "../../lib/services/projects/steer-project.ts";
import { createTask } from "../../lib/services/tasks/task-commands.ts";
import { claimTask } from "../../lib/services/worker/claim-task.ts";
import { asSqsEvent } from "../../localstack/gateway/sqs-event.ts";
import { callers } from "../support/authenticator.ts";
import { aCall, startBackend } from "../support/backend.ts";
import { movableClock } from "../support/clock.ts";
import { keptLog } from "../support/log-lines.ts";
import { perform } from "../support/perform.ts";
import { useCasesOf } from "../support/use-cases.ts";
import { anEvent } from "../unit/http/event.ts";

const clock = movableClock();
const { logger, lines } = keptLog();
const backend = await startBackend({ clock, env: { LEASE_SECONDS: "60" }, logger });
const { platform, deps, tables } = backend;
const on = useCasesOf(backend);
afterAll(() => backend[Symbol.asyncDispose]());

const contextOf = (awsRequestId: string) => ({ awsRequestId }) as Context;

/** The lines that `work` leaves about a project. */
const linesOf = async (project_id: string, work: () => Promise<unknown>) => {
  const start = lines.length;
  await work();
  return lines.slice(start).filter((line) => line.project_id === project_id);
};

const queueUrl = tables.taskQueueUrl;
const worker = openBatch(platform, { queueUrl, schema: TaskMessage, handle: backend.runTask });

/** Hands what is in the task queue to the worker, as the event source does. */
const work = async (awsRequestId: string): Promise<void> => {
  const { Messages = [] } = await tables.sqs.send(
    new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 }),
  );
  await worker(
    asSqsEvent(Messages, { queueArn: "tasks", region: "eu-west-1" }),
    contextOf(awsRequestId),
  );
};

/** A project in which `count` tasks wait. */
const waiting = async (count: number) => {
  const { id: project_id } = await on.project();
  const tasks = await Promise.all(
    Array.from({ length: count }, (_, n) => on.task(project_id, `Write haiku ${n}.`)),
  );
  return { project_id, tasks };
};

test("follow-ups carry the id of the request that left them", async () => {
  const { project_id } = await waiting(12);
  const left = await linesOf(project_id, () =>
    perform(deps, cancel({ project_id }), aCall({ correlation_id: "cancel-1" })),
  );
  expect(left.length).toBeGreaterThan(2);
  for (const line of left) {
    expect(line).toMatchObject({
      text: "sockets notified",
      tenant: "local",
      correlation_id: "cancel-1",
    });
  }
});

test("a follow-up that the sweeper does carries it too, beside the id of the sweep", async () => {
  const { project_id } = await waiting(3);
  const dying = { ...deps, commit: deps.commitOnly };
  await perform(dying, cancel({ project_id }), aCall({ correlation_id: "cancel-2" }));
  expect(await on.projectOf(project_id)).toMatchObject({ counts: { open: 3 } });
  clock.forward(31_000);
  const left = await linesOf(project_id, () => backend.sweep("sweep-1"));
  expect(left.length).toBeGreaterThan(0);
  for (const line of left) {
    expect(line).toMatchObject({ correlation_id: "cancel-2", function_request_id: "sweep-1" });
  }
  expect(await on.projectOf(project_id)).toMatchObject({ counts: { open: 0 }, follow_up: null });
});

test("a task that a resume runs again carries the resume's id through the queue", async () => {
  const { id: project_id } = await on.project();
  const { task_id } = await on.task(project_id, "[[fail:3]] Write a haiku.");
  await backend.work();
  const [request] = await on.pending(project_id);
  await on.answer({ request_id: request?.request_id ?? "", action: "reject", comment: "No." });
  await perform(deps, resume({ project_id }), aCall({ correlation_id: "resume-1" }));
  expect(await on.taskOf(project_id, task_id)).toMatchObject({ correlation_id: "resume-1" });
  const left = await linesOf(project_id, () => work("worker-1"));
  expect(left.map(({ text }) => text)).toContain("task run");
  for (const line of left) {
    expect(line).toMatchObject({
      tenant: "local",
      task_id,
      correlation_id: "resume-1",
      function_request_id: "worker-1",
      message_id: expect.any(String),
    });
  }
});

test("a lease that ends carries the id of its task; what no request caused carries that of the sweep", async () => {
  const { id: project_id } = await on.project();
  const task = await perform(
    deps,
    createTask({
      project_id,
      agent_type: "coder",
      instructions: "Write a haiku.",
      context_ids: [],
      priority: 3,
    }),
    aCall({ correlation_id: "create-1" }),
  );
  const stored = await on.taskOf(project_id, task.task_id);
  const known = await deps.load({ tenant: "local", project_id }, { tasks: [task.task_id] });
  const dead = { ...deps, known, task: stored, correlation_id: "create-1" };
  expect(await claimTask(dead)).not.toBeNull();
  clock.forward(61_000);
  const left = await linesOf(project_id, () => backend.sweep("sweep-2"));
  expect(left.find(({ function_request_id }) => function_request_id === "sweep-2")).toMatchObject({
    text: "sockets notified",
    task_id: task.task_id,
    correlation_id: "create-1",
  });
  expect(lines).toContainEqual(
    expect.objectContaining({ text: "swept", correlation_id: "sweep-2" }),
  );
});

test("a reaction that fails is found by the ids of its commit, and the request is answered", async () => {
  const config = { ...platform.config, TASK_QUEUE_URL: `${queueUrl}-gone` };
  const broken = openDependencies({ ...platform, config });
  const { id: project_id } = await on.project();
  const left = await linesOf(project_id, () =>
    perform(
      broken,
      createTask({
        project_id,
        agent_type: "coder",
        instructions: "Write a haiku.",
        context_ids: [],
        priority: 3,
      }),
      aCall({ correlation_id: "create-2" }),
    ),
  );
  const ids = { tenant: "local", project_id, correlation_id: "create-2" };
  expect(left.toSorted((a, b) => a.text.localeCompare(b.text))).toMatchObject([
    {
      level: "error",
      text: "reaction failed",
      reaction: "enqueue tasks",
      error: expect.any(Error),
      ...ids,
    },
    { level: "info", text: "sockets notified", ...ids },
  ]);
});

test("a request's lines carry its own id, its tenant and its project", async () => {
  const { id: project_id } = await on.project();
  const handler = openHttp(platform, serveProjects);
  const routeKey = "GET /api/v1/projects/{project_id}";
  const event = anEvent({ routeKey, path: { project_id }, caller: callers.ann });
  const left = await linesOf(project_id, async () => handler(event, contextOf("get-1")));
  expect(left).toEqual([
    {
      level: "info",
      text: "request",
      route: routeKey,
      status: 200,
      tenant: "local",
      project_id,
      correlation_id: "get-1",
      function_request_id: "get-1",
    },
  ]);
});

test("a message that cannot be read fails alone, and is found by its id", async () => {
  const start = lines.length;
  const message = (MessageId: string, Body: string) => ({
    MessageId,
    Body,
    ReceiptHandle: "unknown",
    Attributes: { ApproximateReceiveCount: "2" },
  });
  const event = asSqsEvent([message("m-1", "not JSON"), message("m-2", '{"kind":"frames"}')], {
    queueArn: "tasks",
    region: "eu-west-1",
  });
  expect(await worker(event, contextOf("worker-2"))).toEqual({
    batchItemFailures: [{ itemIdentifier: "m-1" }, { itemIdentifier: "m-2" }],
  });
  const left = lines.slice(start);
  for (const message_id of ["m-1", "m-2"]) {
    const keys = { message_id, function_request_id: "worker-2" };
    expect(left.filter((line) => line.message_id === message_id)).toMatchObject([
      { level: "error", text: "message cannot be read", receives: "2", ...keys },
      { level: "warn", text: "message could not be made visible again", ...keys },
    ]);
  }
});
