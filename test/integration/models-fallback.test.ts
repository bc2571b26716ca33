import { expect, test } from "vitest";
import { openaiKey } from "../providers/openai.ts";
import type { Provider, Reply, Script } from "../providers/wire.ts";
import { good, hurriedClock, inTurn, startModels, withAgent } from "../support/models-backend.ts";

const alone = { AGENT_MODELS: "*=openai", MODEL_FALLBACK: "none" };
const pair = { AGENT_MODELS: "*=anthropic", MODEL_FALLBACK: "openai" };
/** One provider answers as `reply` says, all others well. */
const onlyOn =
  (provider: Provider, reply: Reply): Script =>
  (call, index) =>
    call.provider === provider ? reply : good(call, index);

test("a provider that stays down is asked again after 1, 2 and 4 s; then another one is", async () => {
  const clock = hurriedClock();
  const script = onlyOn("anthropic", { status: 500 });
  await using backend = await startModels(script, { ...pair, RETRY_BASE_SECONDS: "1" }, { clock });
  const { task, models, said, usage, project_id } = await backend.run();
  expect(clock.slept.filter((ms) => ms >= 1_000)).toEqual([1_000, 2_000, 4_000]);
  expect(backend.asked()).toEqual([...Array(4).fill("anthropic"), "openai"]);
  expect(task).toMatchObject({ status: "completed", attempt: 1 });
  expect(said).toContain(
    "anthropic/claude-sonnet-5-5 (provider_error) does not answer: asking openai/gpt-6.1-sol.",
  );
  expect(models.map(({ provider, cost_usd }) => [provider, cost_usd > 0])).toEqual([
    ...Array(4).fill(["anthropic", false]),
    ["openai", true],
  ]);
  expect(usage.by_model).toMatchObject([
    { model: "anthropic/claude-sonnet-5-5", calls: 4, failed_calls: 4, cost_usd: 0 },
    { model: "openai/gpt-6.1-sol", calls: 1, failed_calls: 0, cost_usd: 0.007 },
  ]);
  expect(await backend.outputOf(project_id)).toMatchObject({
    artifact_metadata: { written_by: "openai/gpt-6.1-sol" },
  });
});

test.each([
  {
    name: "a pause of an hour",
    script: onlyOn("anthropic", { status: 429, headers: { "retry-after": "3600" } }),
    env: pair,
    code: "rate_limited",
  },
  {
    name: "a refused key of anthropic",
    script: good,
    env: { ...pair, ANTHROPIC_API_KEY: "sk-ant-wrong" },
    code: "key_refused",
  },
  {
    name: "a refused key of openai",
    script: good,
    env: { AGENT_MODELS: "*=openai", MODEL_FALLBACK: "anthropic", OPENAI_API_KEY: "sk-wrong" },
    code: "key_refused",
  },
])("$name: the next provider at once, and for all projects", async ({ script, env, code }) => {
  await using backend = await startModels(script, env);
  const first = await backend.run();
  expect(first.models).toMatchObject([
    { outcome: "failed", error_code: code, cost_usd: 0 },
    { outcome: "answered" },
  ]);
  const second = await backend.run();
  expect(second.models).toMatchObject([{ outcome: "answered" }]);
  expect(second.said.join()).toContain("(circuit_open) does not answer");
  expect(second.task).toMatchObject({ status: "completed" });
});

test("a refused question: nothing is asked twice, and the person is asked", async () => {
  const script = inTurn({ status: 400, error: { message: "Too many widgets." } });
  await using backend = await startModels(script, alone);
  const { task, models, pending, usage, log } = await backend.run();
  expect(task).toMatchObject({
    status: "failed",
    attempt: 1,
    error: { code: "models_unavailable" },
  });
  expect(task?.error?.message).toContain(
    "openai/gpt-6.1-sol: bad_request (the provider refuses the request; HTTP 400)",
  );
  expect(JSON.stringify(log)).not.toContain("Too many widgets.");
  expect(models).toMatchObject([{ outcome: "failed", error_code: "bad_request" }]);
  expect(pending).toMatchObject([{ kind: "failure", options: ["retry", "skip", "cancel"] }]);
  expect(usage.total).toMatchObject({ cost_usd: 0, reserved_usd: 0 });
  expect((await backend.run()).task).toMatchObject({ status: "completed" });
});

test("a provider that repeats the key it was sent: nobody reads it", async () => {
  const key = openaiKey;
  const script = inTurn({ status: 401, error: { message: `Incorrect API key provided: ${key}` } });
  await using backend = await startModels(script, alone);
  const { task, log, pending } = await backend.run();
  expect(task?.error?.message).toContain("key_refused (the key is refused; HTTP 401)");
  expect(JSON.stringify([task, log, pending])).not.toContain(key);
});

test("all down: three attempts, the circuits open, the person is asked, and their word counts", async () => {
  const clock = hurriedClock();
  let down = true;
  const script: Script = (call, index) => (down ? { status: 503 } : good(call, index));
  await using backend = await startModels(script, pair, { clock });
  const { task, retries, pending, said, project_id, usage } = await backend.run();
  expect(task).toMatchObject({
    status: "failed",
    attempt: 3,
    error: { code: "models_unavailable" },
  });
  expect(retries).toMatchObject(
    [1, 2].map((attempt) => ({ attempt, error: { code: "models_unavailable" } })),
  );
  expect(pending).toMatchObject([{ kind: "failure" }]);
  expect(pending[0]?.question).toContain("No model answered.");
  const counts = ["anthropic", "openai"].map(
    (name) => backend.asked().filter((asked) => asked === name).length,
  );
  expect(counts).toEqual([7, 7]);
  expect(said.filter((words) => words.startsWith("Every model's circuit is open"))).toEqual([
    "Every model's circuit is open: waiting 30 s.",
    "Every model's circuit is open: waiting 60 s.",
  ]);
  expect(usage.total).toMatchObject({ calls: 14, failed_calls: 14, cost_usd: 0, reserved_usd: 0 });
  down = false;
  clock.forward(120_000);
  const after = await backend.answer(project_id, { action: "approve" });
  expect(after.task).toMatchObject({ status: "completed", attempt: 4 });
  expect(backend.asked().slice(14)).toEqual(["anthropic"]);
});

const closedFor = { status: 429, headers: { "retry-after": "3600" } };

test("after its pause a provider is tried; an answer that is our own fault shows that it is there", async () => {
  const clock = hurriedClock();
  const script = inTurn(closedFor, { status: 400 });
  await using backend = await startModels(script, alone, { clock });
  expect((await backend.run()).task).toMatchObject({ status: "failed" });
  clock.forward(3_601_000);
  expect((await backend.run()).task).toMatchObject({ status: "failed", attempt: 1 });
  const { task, said } = await backend.run();
  expect(task).toMatchObject({ status: "completed", attempt: 1 });
  expect(said.join()).not.toContain("circuit");
  expect(backend.providers.calls).toHaveLength(3);
});

test("after its pause a provider is tried by whoever may pay, not by who may not", async () => {
  const clock = hurriedClock();
  const agents = withAgent("coder", { max_output_tokens: 100_000 });
  const usage = { input_tokens: 1_000, output_tokens: 91_000 };
  const dear: Reply = { tool_calls: [{ name: "list_files", input: {} }], usage };
  const script = inTurn(dear, closedFor);
  await using backend = await startModels(
    script,
    { ...alone, BUDGET_TENANT_USD: "1" },
    { clock, agents },
  );
  const { project_id } = await backend.run();
  await backend.answer(project_id, { action: "approve" });
  clock.forward(3_601_000);
  const other = await backend.run();
  expect(other.pending).toMatchObject([{ kind: "budget" }]);
  const { task, said } = await backend.answer(project_id, { action: "approve" });
  expect(task).toMatchObject({ status: "completed" });
  expect(said.join()).not.toContain("circuit is open");
});

test("what one provider will not answer, the next one is asked", async () => {
  const script = onlyOn("anthropic", { text: "", finish: "content_filter" });
  await using backend = await startModels(script, pair);
  const { task, models, usage } = await backend.run();
  expect(models).toMatchObject([
    { provider: "anthropic", outcome: "failed", error_code: "content_filter", estimated: false },
    { provider: "openai", outcome: "answered" },
  ]);
  expect(task).toMatchObject({ status: "completed", attempt: 1 });
  expect(usage.total).toMatchObject({ calls: 2, reserved_usd: 0 });
});

test("a pause of an hour: the person is told how long, and is asked at once", async () => {
  const clock = hurriedClock();
  await using backend = await startModels(() => closedFor, alone, { clock });
  const { task, pending } = await backend.run();
  expect(task).toMatchObject({ status: "failed", attempt: 1 });
  expect(pending[0]?.question).toContain("rate_limited (too many calls; HTTP 429)");
  const after = await backend.answer(task?.project_id ?? "", { action: "approve" });
  expect(after.task).toMatchObject({ status: "failed", attempt: 2 });
  expect(after.pending[0]?.question).toMatch(/paused until \d\d:\d\d:\d\d UTC after rate_limited/);
  expect(backend.asked()).toHaveLength(1);
});

test("a model that says nothing is not waited for twice where there is another", async () => {
  const script = onlyOn("anthropic", { hang: true });
  await using backend = await startModels(script, { ...pair, MODEL_TIMEOUT_SECONDS: "2" });
  const { task, models } = await backend.run();
  expect(models).toMatchObject([
    { provider: "anthropic", error_code: "timeout", estimated: true },
    { provider: "openai", outcome: "answered" },
  ]);
  expect(task).toMatchObject({ status: "completed", attempt: 1 });
});
