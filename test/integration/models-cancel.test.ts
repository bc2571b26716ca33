import { expect, test } from "vitest";
import { realClock } from "../../lib/adapters/clock.ts";
import type { Command } from "../../lib/contracts/command.ts";
import {
  cancel as cancelProject,
  forceComplete,
} from "../../lib/services/projects/steer-project.ts";
import { openRequest as ask } from "../../lib/services/requests/open-request.ts";
import { cancel as cancelTask, retry } from "../../lib/services/tasks/task-commands.ts";
import type { ModelCall, Reply, Script } from "../providers/wire.ts";
import { movableClock } from "../support/clock.ts";
import { good, inTurn, startModels } from "../support/models-backend.ts";

/** What is looked at every 2 s is looked at every 20 ms. */
const quickWatch = () => {
  const clock = movableClock();
  return { ...clock, every: (ms: number, run: () => void) => realClock.every(ms / 100, run) };
};

type Named = { project_id: string; task_id: string };
type Stop = (task: Named) => Command<unknown>;

/** A task in the middle of its first call. */
const startCall = async (backend: Awaited<ReturnType<typeof startModels>>) => {
  const { id } = await backend.on.project();
  const task = await backend.on.task(id, "Write a haiku.");
  const working = backend.work();
  await expect.poll(() => backend.providers.calls.length, { interval: 5 }).toBe(1);
  const [call] = backend.providers.calls as [ModelCall];
  return { task, working, call };
};

const half: Reply = { text: '{"content": {"summary": "Half of a haiku', hang: "mid" };

type Row = { name: string; stops: readonly Stop[]; wire: string; reply: Reply };

const rows: readonly Row[] = [
  { name: "the task is cancelled", stops: [cancelTask], wire: "anthropic", reply: { hang: true } },
  { name: "the project is cancelled", stops: [cancelProject], wire: "openai", reply: half },
  { name: "the project is closed", stops: [forceComplete], wire: "bedrock", reply: half },
];

test.each(rows)(
  "$name while $wire answers: the call is called off and paid for",
  async ({ stops, wire, reply }) => {
    const clock = quickWatch();
    await using backend = await startModels(
      inTurn(reply),
      { AGENT_MODELS: `*=${wire}` },
      { clock },
    );
    const { task, working, call } = await startCall(backend);
    const { head } = await backend.on.projectOf(task.project_id);
    for (const stop of stops) await backend.on.perform(stop(task));
    expect(await call.aborted).toBe(true);
    await working;
    const { models, usage, log, ...after } = await backend.look(task.project_id);
    expect(models).toMatchObject([{ outcome: "cancelled", error_code: null, estimated: true }]);
    expect(models[0]?.cost_usd).toBeGreaterThan(0);
    expect(usage.total).toMatchObject({ calls: 1, failed_calls: 1, reserved_usd: 0 });
    expect(after.task).toMatchObject({
      status: "cancelled",
      attempt: 1,
      output: null,
      error: null,
    });
    const byAgent = log.filter(({ seq, actor }) => seq > head && actor.type === "agent");
    expect(byAgent.map(({ event_type }) => event_type)).toEqual(["model_call"]);
    expect(backend.providers.calls).toHaveLength(1);
    expect(await backend.deps.loadBreaker(wire)).toBeNull();
  },
);

test("an attempt that takes too long: its call is called off, and the next attempt goes on", async () => {
  const env = { AGENT_MODELS: "*=anthropic", TASK_TIMEOUT_SECONDS: "299" };
  const late = new AbortController();
  const ofAttempts = [late.signal];
  const timeout = (ms: number) => (ms === 299_000 && ofAttempts.shift()) || realClock.timeout(ms);
  const hang: Script = () => {
    late.abort(new DOMException("The time is over", "TimeoutError"));
    return { hang: true };
  };
  const clock = { ...movableClock(), timeout };
  await using backend = await startModels(inTurn(hang), env, { clock });
  const { task, models, retries, usage } = await backend.run();
  expect(task).toMatchObject({ status: "completed", attempt: 2 });
  expect(retries).toMatchObject([{ attempt: 1, error: { code: "timeout" } }]);
  expect(models).toMatchObject([{ outcome: "cancelled" }, { outcome: "answered" }]);
  expect(usage.total.reserved_usd).toBe(0);
});

/** A worker that died in the middle of its first call: it looks at nothing any more, and its answer comes `late`. */
const startDead = async () => {
  const late = Promise.withResolvers<Reply>();
  const clock = { ...movableClock(), every: () => () => undefined };
  const backend = await startModels(
    (call, index) => (index === 0 ? late.promise : good(call, index)),
    { AGENT_MODELS: "*=openai" },
    { clock },
  );
  const started = await startCall(backend);
  const { reserved_usd } = (await backend.usageOf(started.task.project_id)).total;
  expect(reserved_usd).toBeGreaterThan(0);
  return {
    ...backend,
    ...started,
    reserved_usd,
    forward: clock.forward,
    answerLate: async () => {
      late.resolve(await good(started.call, 0));
      await started.working;
    },
  };
};

test.each([
  { name: "the sweeper finds it", sweeps: true },
  { name: "the queue tells another worker first", sweeps: false },
])(
  "a worker that died in mid-call, and $name: its call is lost, and what comes late changes nothing",
  async ({ sweeps }) => {
    await using backend = await startDead();
    const { task, reserved_usd } = backend;
    const { total } = await backend.usageOf(task.project_id);
    expect(total).toMatchObject({ calls: 0, cost_usd: 0 });
    backend.forward(91_000);
    if (sweeps) await backend.sweep();
    else
      await backend.deps.sendTask(
        { kind: "task", tenant: "local", ...task, correlation_id: "again" },
        0,
      );
    await backend.work();
    const after = await backend.look(task.project_id);
    expect(after.task).toMatchObject({ status: "completed", attempt: 2 });
    expect(after.models).toMatchObject([
      { outcome: "lost", error_code: "worker_lost", attempt: 1, cost_usd: reserved_usd },
      { outcome: "answered", attempt: 2, cost_usd: 0.007 },
    ]);
    expect(after.usage.total).toMatchObject({ calls: 2, failed_calls: 1, reserved_usd: 0 });
    await backend.answerLate();
    expect(await backend.look(task.project_id)).toEqual(after);
  },
);

const askAbout: Stop = (task) =>
  ask({ ...task, question: "Is this still wanted?", options: [], context_ids: [] });

test.each([
  ...rows,
  { name: "the task is cancelled, retried and cancelled", stops: [cancelTask, retry, cancelTask] },
  { name: "a person asks, and cancels", stops: [askAbout, cancelTask] },
])(
  "$name after its worker died in mid-call: what was reserved is not held for ever",
  async ({ stops }) => {
    await using backend = await startDead();
    const { task, reserved_usd } = backend;
    const { project_id } = task;
    for (const stop of stops) await backend.on.perform(stop(task));
    backend.forward(380_000);
    await backend.sweep();
    expect((await backend.usageOf(project_id)).total).toMatchObject({ reserved_usd });
    backend.forward(11_000);
    await backend.sweep();
    const after = await backend.look(project_id);
    expect(after.models).toMatchObject([{ outcome: "lost", cost_usd: reserved_usd }]);
    expect(after.usage.total).toMatchObject({ reserved_usd: 0, cost_usd: reserved_usd });
    await backend.answerLate();
    expect(await backend.look(project_id)).toEqual(after);
  },
);
