import { expect, test } from "vitest";
import type { Subscription } from "../../lib/contracts/connection.ts";
import type { TokensFrame } from "../../lib/contracts/socket-messages.ts";
import type { EventType } from "../../lib/domain/events.ts";
import type { Reply } from "../providers/wire.ts";
import { good, hurriedClock, startModels } from "../support/models-backend.ts";

type Backend = Awaited<ReturnType<typeof startModels>>;

const watch = (
  backend: Backend,
  project_id: string,
  watcher: { connection_id: string; event_types?: EventType[] },
) => {
  const subscription: Subscription = {
    tenant: "local",
    endpoint: backend.gateway.endpoint,
    user_id: "ann",
    connected_at: "2030-01-01T00:00:00.000Z",
    expires_at: "2099-01-01T02:00:00.000Z",
    event_types: null,
    replaying_until: null,
    project_id,
    ...watcher,
  };
  return backend.deps.saveSubscription(subscription);
};

const tokensTo = ({ gateway }: Backend, id: string) =>
  gateway.frames
    .filter(({ connection_id }) => connection_id === id)
    .map(({ frame }) => frame as TokensFrame)
    .filter(({ type }) => type === "tokens");

test("what a model writes is seen as it comes, and kept nowhere", async () => {
  let text = "";
  const clock = hurriedClock();
  await using backend = await startModels(
    async (call, index) => {
      const reply = (await good(call, index)) as Reply;
      text = JSON.stringify(reply.json);
      return { ...reply, chunks: 30, chunk_ms: 2 };
    },
    { AGENT_MODELS: "*=bedrock" },
    { clock },
  );
  const { id } = await backend.on.project();
  await watch(backend, id, { connection_id: "all=" });
  await watch(backend, id, { connection_id: "some=", event_types: ["task_completed"] });
  await watch(backend, id, { connection_id: "chat=", event_types: ["agent_chat_message"] });
  const { task_id } = await backend.on.task(id, "Write a haiku.");
  await backend.work();
  const { task, log } = await backend.look(id);
  expect(task).toMatchObject({ status: "completed" });
  const frames = tokensTo(backend, "all=");
  expect(frames.length).toBeGreaterThan(1);
  expect(frames.map((frame) => frame.text).join("")).toBe(text);
  for (const frame of frames) {
    expect(frame).toMatchObject({ project_id: id, task_id, agent_type: "coder", attempt: 1 });
    expect(text.startsWith(frame.text, frame.offset)).toBe(true);
  }
  expect(tokensTo(backend, "chat=")).toEqual(frames);
  expect(tokensTo(backend, "some=")).toEqual([]);
  expect(log.map(({ event_type }) => event_type)).not.toContain("tokens");
  expect(JSON.stringify(log)).not.toContain(text.slice(0, 60));
});

test("at the most five frames a second for a task", async () => {
  await using backend = await startModels(
    async (call, index) => ({ ...(await good(call, index)), chunks: 40, chunk_ms: 12 }),
    { AGENT_MODELS: "*=openai" },
  );
  const { id } = await backend.on.project();
  await watch(backend, id, { connection_id: "all=" });
  await backend.on.task(id, "Write a haiku.");
  const started = performance.now();
  await backend.work();
  const seconds = (performance.now() - started) / 1_000;
  const { length } = tokensTo(backend, "all=");
  expect(length).toBeGreaterThan(2);
  expect(length).toBeLessThanOrEqual(Math.ceil(seconds * 5) + 1);
});

test("a watcher that is gone costs nobody anything", async () => {
  await using backend = await startModels(good, { AGENT_MODELS: "*=openai" });
  const { id } = await backend.on.project();
  await watch(backend, id, { connection_id: "gone=" });
  backend.gateway.gone.add("gone=");
  await backend.on.task(id, "Write a haiku.");
  await backend.work();
  expect((await backend.look(id)).task).toMatchObject({ status: "completed", attempt: 1 });
});
