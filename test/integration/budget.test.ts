import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createProject } from "../../lib/services/projects/create-project.ts";
import { respond } from "../../lib/services/requests/respond.ts";
import { connect } from "../../lib/services/sockets/socket.ts";
import { createTask } from "../../lib/services/tasks/task-commands.ts";
import type { Reply } from "../providers/wire.ts";
import { aCall, startBackend } from "../support/backend.ts";
import { countCalls } from "../support/count-calls.ts";
import { inTurn, startModels } from "../support/models-backend.ts";
import { perform } from "../support/perform.ts";

/**
 * What one operation may take: the floors of the design, times 1.5. Calls are counted in series: what runs at
 * the same time counts once, and telling the sockets is an operation of its own.
 */
const floors = {
  "create project": { calls: 1, write: 4, read: 0 },
  "create and queue a task": { calls: 3, write: 7, read: 1.5 },
  "run a task": { calls: 5, write: 26, read: 2.5 },
  "run a task that ends at a gate": { calls: 5, write: 26 + 4, read: 2.5 },
  "respond and queue the next task": { calls: 3, write: 11, read: 2.5 },
  "reconnect and replay": { calls: 4, write: 3, read: 4 },
  /** Before it and after it, project, task and four ledgers are read, and written but for the task. */
  "a call of a model": { calls: 4, write: 24, read: 12 },
} as const;

const telling = new Set(["ReceiveMessage", "DeleteMessage"]);
const backend = await startBackend();
const meter = countCalls(backend.platform.clients);
const { deps } = backend;
const figures: Record<string, { calls: number; write: number; read: number }> = {};

const input = {
  name: "Bookshop",
  description: "Sells old books.",
  oversight_level: "medium",
  workflow: "none",
} as const;

/** The one message that waits in the task queue. */
const nextMessage = async () => {
  const { Messages = [] } = await backend.tables.sqs.send(
    new ReceiveMessageCommand({ QueueUrl: backend.tables.taskQueueUrl }),
  );
  return JSON.parse(Messages[0]?.Body ?? "null");
};

type Spent = (typeof figures)[string];

/** What a run of a task takes, whose model says this at first. */
const spentWith = async (...replies: Reply[]): Promise<Spent> => {
  const script = inTurn(...replies);
  await using models = await startModels(
    script,
    { AGENT_MODELS: "*=openai" },
    { dynamodb: "emulator" },
  );
  const { take } = countCalls(models.platform.clients);
  await models.run();
  const spent = take();
  return { ...spent, calls: spent.calls.filter((call) => !telling.has(call)).length };
};

const measure = async <T>(name: keyof typeof floors, parallel: number, run: () => Promise<T>) => {
  meter.take();
  const result = await run();
  const { calls, write, read } = meter.take();
  const inSeries = calls.filter((call) => !telling.has(call)).length - parallel;
  figures[name] = { calls: inSeries, write, read };
  return result;
};

beforeAll(async () => {
  const project = await measure("create project", 1, () =>
    perform(deps, createProject(deps, aCall(), input)),
  );
  await measure("create and queue a task", 1, () =>
    perform(
      deps,
      createTask({
        project_id: project.id,
        agent_type: "coder",
        instructions: "Write a haiku about old books.",
        context_ids: [],
        priority: 3,
      }),
    ),
  );
  await backend.work();

  await perform(
    deps,
    createProject(deps, aCall(), { ...input, workflow: "sdlc", oversight_level: "low" }),
  );
  const message = await nextMessage();
  await measure("run a task", 4, () => backend.runTask(message));
  await backend.work();

  const gated = await perform(deps, createProject(deps, aCall(), { ...input, workflow: "sdlc" }));
  const first = await nextMessage();
  await measure("run a task that ends at a gate", 3, () => backend.runTask(first));
  const { items } = await deps.listRequests(
    { tenant: "local", project_id: gated.id },
    { before: null, limit: 1 },
  );
  const request_id = items[0]?.request_id ?? "";
  await measure("respond and queue the next task", 1, () =>
    perform(deps, respond(deps, aCall(), { request_id, action: "approve" })),
  );
  await measure("reconnect and replay", 2, async () => {
    await connect(deps, {
      ...aCall(),
      connection_id: "c1",
      endpoint: backend.gateway.endpoint,
      project_id: gated.id,
      after: 0,
    });
    await backend.fanOut();
  });
});

beforeAll(async () => {
  const one = await spentWith();
  const two = await spentWith({ text: "Not what was asked for." });
  figures["a call of a model"] = {
    calls: two.calls - one.calls,
    write: two.write - one.write,
    read: two.read - one.read,
  };
});

afterAll(() => backend[Symbol.asyncDispose]());

test.each(Object.entries(floors))("%s stays within its budget", (name, floor) => {
  const spent = figures[name];
  expect(spent?.calls).toBeLessThanOrEqual(floor.calls * 1.5);
  expect(spent?.write).toBeLessThanOrEqual(floor.write * 1.5);
  expect(spent?.read).toBeLessThanOrEqual(floor.read * 1.5);
});
