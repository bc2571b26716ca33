import { expect, test } from "vitest";
import type { Reply } from "../providers/wire.ts";
import {
  answering,
  good,
  hurriedClock,
  inTurn,
  startModels,
  withAgent,
} from "../support/models-backend.ts";

const cutOff: Reply = { text: '{"content": {"summary": "It was', finish: "length" };

type Row = { name: string; reply: Reply; says: string };

const invalid: readonly Row[] = [
  { name: "no JSON at all", reply: { text: "I would rather not." }, says: "not one JSON object" },
  { name: "nothing", reply: { text: "" }, says: "not one JSON object" },
  { name: "cut off at its length", reply: cutOff, says: "cut off at the limit of its length" },
  {
    name: "a field that is wrong",
    reply: { json: { content: { summary: 3 }, summary: "Done.", confidence: 7 } },
    says: "confidence",
  },
];

const wires = [
  { wire: "anthropic", rows: invalid },
  { wire: "openai", rows: invalid.slice(3) },
  { wire: "google", rows: invalid.slice(3) },
  { wire: "bedrock", rows: invalid.slice(3) },
].flatMap(({ wire, rows }) => rows.map((row) => ({ ...row, wire })));

test.each(wires)(
  "$wire answers $name: it is asked once more, and told what is wrong",
  async ({ wire, reply, says }) => {
    const clock = hurriedClock();
    await using backend = await startModels(
      inTurn(reply),
      { AGENT_MODELS: `*=${wire}` },
      { clock },
    );
    const { task, models, usage } = await backend.run();
    expect(task).toMatchObject({ status: "completed", attempt: 1 });
    expect(models).toMatchObject([
      { outcome: "answered", purpose: "answer" },
      { outcome: "answered", purpose: "repair" },
    ]);
    const { calls } = backend.providers;
    const last = calls[1]?.messages.at(-1);
    expect(last).toMatchObject({ role: "user", text: expect.stringContaining(says) });
    expect(calls[1]?.schema).toEqual(calls[0]?.schema);
    expect(usage.total).toMatchObject({ calls: 2, failed_calls: 0, reserved_usd: 0 });
  },
);

test("wrong twice: the attempt failed, the next one starts anew", async () => {
  const [, , , wrong] = invalid;
  if (!wrong) throw new Error("There is no row.");
  const script = inTurn(wrong.reply, wrong.reply, good);
  const alone = { AGENT_MODELS: "*=anthropic", MODEL_FALLBACK: "none" };
  await using backend = await startModels(script, alone);
  const { task, models, retries } = await backend.run();
  expect(task).toMatchObject({ status: "completed", attempt: 2 });
  expect(models.map(({ purpose, attempt }) => [purpose, attempt])).toEqual([
    ["answer", 1],
    ["repair", 1],
    ["answer", 2],
  ]);
  expect(retries).toMatchObject([
    { attempt: 1, reason: "failed", error: { code: "invalid_answer" } },
  ]);
  const [first, , third] = backend.providers.calls;
  expect(third?.messages).toEqual(first?.messages);
});

test("three attempts with wrong answers: six calls, and the person is asked", async () => {
  const script = () => ({ text: "No." });
  const alone = { AGENT_MODELS: "*=openai", MODEL_FALLBACK: "none" };
  await using backend = await startModels(script, alone);
  const { task, models, pending, usage } = await backend.run();
  expect(task).toMatchObject({ status: "failed", attempt: 3, error: { code: "invalid_answer" } });
  expect(models).toHaveLength(6);
  expect(pending).toMatchObject([{ kind: "failure" }]);
  expect(usage.total.reserved_usd).toBe(0);
});

test("JSON in a fence, with words around it, is an answer", async () => {
  await using backend = await startModels(
    (call, index) => {
      const reply = good(call, index) as Reply;
      return { text: `Here it is:\n\`\`\`json\n${JSON.stringify(reply.json)}\n\`\`\`\nGood luck.` };
    },
    { AGENT_MODELS: "*=anthropic" },
  );
  const { task, models } = await backend.run();
  expect(task).toMatchObject({ status: "completed" });
  expect(models).toHaveLength(1);
});

test("settings: each agent's model at its own wire, with its temperature, length and tools", async () => {
  const env = { AGENT_MODELS: "analyst=anthropic/claude-haiku-5-5,architect=openai,*=google" };
  await using backend = await startModels(good, env, {
    agents: withAgent("coder", { temperature: 0.3, max_output_tokens: 4_321 }),
  });
  const { on, providers } = backend;
  const { id } = await on.project();
  for (const agent_type of ["analyst", "architect", "coder"]) {
    await on.task(id, "Write a haiku.", agent_type);
    await backend.work();
  }
  expect(
    providers.calls.map(({ provider, model, temperature, max_output_tokens, tools }) => ({
      provider,
      model,
      temperature,
      max_output_tokens,
      tools: tools.map(({ name }) => name),
    })),
  ).toEqual([
    {
      provider: "anthropic",
      model: "claude-haiku-5-5",
      temperature: null,
      max_output_tokens: 16_000,
      tools: ["read_context", "ask_human"],
    },
    {
      provider: "openai",
      model: "gpt-6.1-sol",
      temperature: null,
      max_output_tokens: 16_000,
      tools: ["list_context", "read_context", "list_files", "read_file", "ask_human"],
    },
    {
      provider: "google",
      model: "gemini-4-argon",
      temperature: 0.3,
      max_output_tokens: 4_321,
      tools: ["list_context", "read_context", "list_files", "read_file", "ask_human"],
    },
  ]);
  for (const { system } of providers.calls) expect(system).toContain("You are the ");
});

test.each([
  { env: { OPENAI_API_KEY: "" }, note: "with no key of it" },
  { env: { AGENT_MODELS: "*=offline" }, note: "where it is said so" },
])("the offline agents work $note, and the artifact says so", async ({ env }) => {
  const keys = ["OPENAI", "ANTHROPIC", "GOOGLE_GENERATIVE_AI"].map((name) => [
    `${name}_API_KEY`,
    "",
  ]);
  const none = { ...Object.fromEntries(keys), AWS_BEARER_TOKEN_BEDROCK: "" };
  await using backend = await startModels(good, { ...("OPENAI_API_KEY" in env && none), ...env });
  const { task, models, project_id } = await backend.run();
  expect(task).toMatchObject({ status: "completed" });
  expect([models, backend.providers.calls]).toEqual([[], []]);
  const { artifact_metadata } = await backend.outputOf(project_id);
  expect(artifact_metadata).toMatchObject({ written_by: "offline coder" });
});

test("what a model wrote is kept with who wrote it and how sure it was", async () => {
  const script = answering({ confidence: 0.8, open_questions: ["Which?"], summary: "A haiku." });
  await using backend = await startModels(script, { AGENT_MODELS: "coder=openai/gpt-5" });
  const { task, project_id, models } = await backend.run();
  expect(task?.output).toMatchObject({ summary: "A haiku.", confidence: 0.8 });
  expect(await backend.outputOf(project_id)).toMatchObject({
    content: expect.objectContaining({ summary: expect.any(String) }),
    artifact_metadata: {
      written_by: "openai/gpt-5",
      confidence: 0.8,
      open_questions: ["Which?"],
      attempt: 1,
    },
  });
  expect(models).toMatchObject([{ model: "gpt-5", price: "listed", cost_usd: 0.00625 }]);
  expect(JSON.stringify(await backend.on.log(project_id))).not.toContain("You are the ");
});
