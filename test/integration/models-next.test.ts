import { expect, test } from "vitest";
import { addArtifact } from "../../lib/services/artifacts/artifacts.ts";
import { createTask } from "../../lib/services/tasks/task-commands.ts";
import type { ModelCall, Provider, Reply, Script } from "../providers/wire.ts";
import { aCall } from "../support/backend.ts";
import {
  answering,
  good,
  hurriedClock,
  startModels,
  withAgent,
} from "../support/models-backend.ts";

const pair = { AGENT_MODELS: "*=anthropic", MODEL_FALLBACK: "openai" };
const alone = { AGENT_MODELS: "*=openai", MODEL_FALLBACK: "none" };

/** One provider always says the same, all others answer well. */
const always =
  (provider: Provider, reply: Reply): Script =>
  (call, index) =>
    call.provider === provider ? reply : good(call, index);

const prose: Reply = { text: "I would rather not." };
const noSuchTool: Reply = { tool_calls: [{ name: "fetch_page", input: { url: "http://x" } }] };
const sameCall: Reply = { tool_calls: [{ name: "list_files", input: {} }] };
const cutOff: Reply = { text: '{"content": {"summary": "It was', finish: "length" };

type Row = { name: string; reply: Reply; wire?: Provider; calls: number; code: string };

test.each<Row>([
  { name: "prose", reply: prose, calls: 2, code: "invalid_answer" },
  { name: "prose", wire: "google", reply: prose, calls: 2, code: "invalid_answer" },
  { name: "nothing", reply: { text: "" }, calls: 2, code: "invalid_answer" },
  { name: "what is cut off", reply: cutOff, calls: 2, code: "cut_off" },
  { name: "a call of a tool that does not exist", reply: noSuchTool, calls: 3, code: "tool_loop" },
  {
    name: "a call of a tool that does not exist",
    wire: "google",
    reply: noSuchTool,
    calls: 3,
    code: "tool_loop",
  },
  {
    name: "a call of a tool that does not exist",
    wire: "bedrock",
    reply: noSuchTool,
    calls: 3,
    code: "tool_loop",
  },
  { name: "the same call", reply: sameCall, calls: 4, code: "tool_loop" },
])("$wire always gives $name: $calls calls, then the next model is asked once", async (row) => {
  const { wire = "anthropic", reply, calls, code } = row;
  const env = { ...pair, AGENT_MODELS: `*=${wire}` };
  await using backend = await startModels(always(wire, reply), env);
  const { task, models, said, usage, project_id } = await backend.run();
  expect(backend.asked()).toEqual([...Array(calls).fill(wire), "openai"]);
  expect(models.every(({ outcome }) => outcome === "answered")).toBe(true);
  expect(task).toMatchObject({ status: "completed", attempt: 1 });
  expect(said.join("\n")).toContain(`(${code}) gives no answer that can be used: asking openai/`);
  expect(usage.total).toMatchObject({ calls: calls + 1, failed_calls: 0, reserved_usd: 0 });
  expect(await backend.outputOf(project_id)).toMatchObject({
    artifact_metadata: { written_by: "openai/gpt-6.1-sol" },
  });
  expect(backend.providers.refusals).toEqual([]);
  expect(await backend.deps.loadBreaker(wire)).toMatchObject({ state: "closed", failures: 0 });
});

test("all give bad answers: each is asked twice, and the person reads what each did", async () => {
  await using backend = await startModels(() => prose, pair);
  const { task, pending } = await backend.run();
  expect(backend.asked()).toEqual(["anthropic", "anthropic", "openai", "openai"]);
  expect(task).toMatchObject({ status: "failed", attempt: 1, error: { code: "invalid_answer" } });
  expect(pending[0]?.question).toMatch(
    /anthropic\/claude-sonnet-5-5: invalid_answer.*openai\/gpt-6.1-sol: invalid_answer/s,
  );
});

test("the next attempt does not begin again with the model that always writes prose", async () => {
  const clock = hurriedClock();
  const down = { failures: 0 };
  const script: Script = (call, index) => {
    if (call.provider === "anthropic") return prose;
    down.failures += 1;
    return down.failures <= 4 ? { status: 503 } : good(call, index);
  };
  await using backend = await startModels(script, pair, { clock });
  const { task } = await backend.run();
  expect(task).toMatchObject({ status: "completed", attempt: 2 });
  expect(backend.asked()).toEqual(["anthropic", "anthropic", ...Array(5).fill("openai")]);
});

test("an answer that is cut off is asked for again with more room, up to what the model has", async () => {
  const script: Script = (call, index) =>
    (call.max_output_tokens ?? 0) > 1_000 ? good(call, index) : cutOff;
  await using backend = await startModels(script, alone, {
    agents: withAgent("coder", { max_output_tokens: 1_000 }),
  });
  const { task } = await backend.run();
  expect(task).toMatchObject({ status: "completed", attempt: 1 });
  const limits = backend.providers.calls.map(({ max_output_tokens }) => max_output_tokens);
  expect(limits).toEqual([1_000, 4_000]);
});

test("an answer that an artifact cannot hold is asked for again with the limit", async () => {
  const huge = answering({}, { summary: "x".repeat(300_000) });
  const script: Script = (call, index) =>
    call.prompt.includes("at most 262144 bytes") ? good(call, index) : huge(call, index);
  await using backend = await startModels(script, alone);
  const { task } = await backend.run();
  expect(task).toMatchObject({ status: "completed", attempt: 1 });
  expect(backend.providers.calls).toHaveLength(2);
});

const tooLong: Reply = {
  status: 400,
  raw: JSON.stringify({ error: { code: "context_length_exceeded", message: "Too long." } }),
};

const withContext = async (script: Script, env: Record<string, string>) => {
  const backend = await startModels(script, env);
  const { on, deps } = backend;
  const { id } = await on.project();
  const { context_id } = await on.perform(
    addArtifact(deps, aCall(), {
      project_id: id,
      artifact_type: "user_input",
      content: "word ".repeat(8_000),
      artifact_metadata: {},
    }),
  );
  const task = { project_id: id, agent_type: "coder", instructions: "Write a haiku.", priority: 3 };
  await on.perform(createTask({ ...task, context_ids: [context_id] }));
  await backend.work();
  return { backend, found: await backend.look(id) };
};

const lengthOf = ({ prompt }: ModelCall) => prompt.length;

test("a question that is too long for the only model is asked with a shorter context", async () => {
  const script: Script = (call, index) => (lengthOf(call) > 30_000 ? tooLong : good(call, index));
  const { backend, found } = await withContext(script, alone);
  await using _ = backend;
  expect(found.task).toMatchObject({ status: "completed", attempt: 1 });
  expect(found.models).toMatchObject([
    { outcome: "failed", error_code: "too_long", cost_usd: 0 },
    { outcome: "answered" },
  ]);
});

test("a question that cannot be made shorter is not asked again", async () => {
  await using backend = await startModels(() => tooLong, alone);
  const { task } = await backend.run();
  expect(task).toMatchObject({ status: "failed" });
  expect(backend.providers.calls).toHaveLength(1);
});

test("a redirect is not followed, and is a refusal", async () => {
  const moved: Reply = { status: 302, raw: "", headers: { location: "http://127.0.0.1:9/" } };
  await using backend = await startModels(() => moved, alone);
  const { task, models } = await backend.run();
  expect(task?.error?.message).toContain(
    "bad_request (the provider refuses the request; HTTP 302)",
  );
  expect(models).toMatchObject([{ outcome: "failed", cost_usd: 0 }]);
});

test("a question that is known to be too long is not sent to the model", async () => {
  const MODEL_PROVIDERS = JSON.stringify({ openai: { capabilities: { max_input_tokens: 8_000 } } });
  const { backend, found } = await withContext(good, { ...alone, MODEL_PROVIDERS });
  await using _ = backend;
  expect(found.task).toMatchObject({ status: "completed", attempt: 1 });
  expect(backend.providers.calls.map(lengthOf)).toEqual([expect.any(Number)]);
  expect(lengthOf(backend.providers.calls[0] as ModelCall)).toBeLessThan(30_000);
});

test("the next model is asked rather than the same with less, when it takes more", async () => {
  const MODEL_PROVIDERS = JSON.stringify({
    anthropic: { capabilities: { max_input_tokens: 1e6 } },
  });
  const script: Script = (call, index) =>
    call.provider === "openai" ? tooLong : good(call, index);
  const env = { AGENT_MODELS: "*=openai|anthropic", MODEL_FALLBACK: "none", MODEL_PROVIDERS };
  const { backend, found } = await withContext(script, env);
  await using _ = backend;
  expect(found.task).toMatchObject({ status: "completed" });
  expect(backend.asked()).toEqual(["openai", "anthropic"]);
});

test("the models for retries come first after a bad answer, and are not asked without", async () => {
  const agents = withAgent("coder", { retry_models: ["google", "nobody"] });
  await using backend = await startModels(always("anthropic", prose), pair, { agents });
  await backend.run();
  expect(backend.asked()).toEqual(["anthropic", "anthropic", "google"]);
  await using other = await startModels(good, pair, { agents });
  await other.run();
  expect(other.asked()).toEqual(["anthropic"]);
});

const slow: Script = async (call, index) => ({
  ...(await good(call, index)),
  chunks: 100,
  chunk_ms: 100,
});
const inTwoSeconds = { TASK_TIMEOUT_SECONDS: "2" };

test("a model that is slower than the task's time is paid once: the next attempt asks another", async () => {
  const script: Script = (call, index) =>
    call.provider === "anthropic" ? slow(call, index) : good(call, index);
  await using backend = await startModels(script, { ...pair, ...inTwoSeconds });
  const { task, models, retries, usage } = await backend.run();
  expect(backend.asked()).toEqual(["anthropic", "openai"]);
  expect(models).toMatchObject([{ outcome: "failed", error_code: "too_slow" }, {}]);
  expect(models[0]?.cost_usd).toBeGreaterThan(0);
  expect(task).toMatchObject({ status: "completed", attempt: 2 });
  expect(retries[0]?.error?.message).toContain("too_slow (it was not done in the time");
  expect(usage.total.reserved_usd).toBe(0);
});

test("where there is no other model it is asked once, and the person reads why", async () => {
  await using backend = await startModels(slow, { ...alone, ...inTwoSeconds });
  const { task, pending } = await backend.run();
  expect(backend.asked()).toEqual(["openai"]);
  expect(task).toMatchObject({ status: "failed", attempt: 1 });
  expect(pending[0]?.question).toContain("too_slow (it was not done in the time that a task has)");
});

test("a call with room for a part of the answer only is not made: the person is asked", async () => {
  await using backend = await startModels(good, { ...alone, BUDGET_TASK_USD: "0.04" });
  const { pending } = await backend.run();
  expect(pending).toMatchObject([{ kind: "budget" }]);
  expect(backend.providers.calls).toEqual([]);
});
