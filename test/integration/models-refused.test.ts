import { describe, expect, test } from "vitest";
import type { Json, ModelCall, Reply, Script } from "../providers/wire.ts";
import { answering, startModels, withAgent } from "../support/models-backend.ts";

/** The schema of the answer: in its field, or in the prompt. */
const schemaOf = ({ schema, system }: ModelCall): Json =>
  schema ?? (JSON.parse(/# Schema of the answer.*\n(\{.*)/.exec(system)?.[1] ?? "{}") as Json);

const good: Script = (call, index) => answering()({ ...call, schema: schemaOf(call) }, index);

type Refuses = { has: (raw: Json, call: ModelCall) => boolean; says: string; status?: number };

/** A server that refuses requests with what it does not take, the first in the list first. */
const refusing =
  (...refused: Refuses[]): Script =>
  (call, index): Reply | Promise<Reply> => {
    const one = refused.find(({ has }) => has(call.raw as Json, call));
    return one
      ? { status: one.status ?? 400, error: { message: one.says, type: "invalid_request_error" } }
      : good(call, index);
  };

const hasField = (name: string) => (raw: Json) => name in raw;
const chat = { AGENT_MODELS: "*=openai/llama-3", OPENAI_API: "chat", MODEL_FALLBACK: "none" };
const takesStore = JSON.stringify({ openai: { capabilities: { store: true } } });
const responses = { AGENT_MODELS: "*=openai/gpt-4.1", MODEL_FALLBACK: "none" };
const claude = { AGENT_MODELS: "*=anthropic/claude-sonnet-4-5", MODEL_FALLBACK: "none" };
const gemini = { AGENT_MODELS: "*=google/gemini-3-flash", MODEL_FALLBACK: "none" };
const nova = { AGENT_MODELS: "*=bedrock/amazon.nova-lite-v1:0", MODEL_FALLBACK: "none" };
const withTools = withAgent("coder", { tools: ["list_files", "ask_human"], temperature: 0.2 });

describe.each<{ what: string; env: Record<string, string>; refuses: Refuses[]; option: string }>([
  {
    what: "response_format",
    env: chat,
    refuses: [
      { has: hasField("response_format"), says: "This response_format type is unavailable now" },
    ],
    option: "schema",
  },
  {
    what: "json mode beside tools",
    env: chat,
    refuses: [
      {
        has: (raw) => "response_format" in raw && "tools" in raw,
        says: "json mode cannot be combined with tool/function calling",
      },
    ],
    option: "schema_with_tools",
  },
  {
    what: "store in responses",
    env: { ...responses, MODEL_PROVIDERS: takesStore },
    refuses: [{ has: hasField("store"), says: "Unrecognized request argument supplied: store" }],
    option: "store",
  },
  {
    what: "the role system",
    env: chat,
    refuses: [
      { has: (_, { system }) => system !== "", says: "System role not supported", status: 500 },
    ],
    option: "system",
  },
  {
    what: "max_tokens",
    env: chat,
    refuses: [
      {
        has: hasField("max_tokens"),
        says: "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      },
    ],
    option: "output_limit",
  },
  {
    what: "tools",
    env: chat,
    refuses: [{ has: hasField("tools"), says: "llama-3 does not support tools", status: 404 }],
    option: "tools",
  },
  {
    what: "output_config",
    env: claude,
    refuses: [
      { has: hasField("output_config"), says: "output_config: Extra inputs are not permitted" },
    ],
    option: "schema",
  },
  {
    what: "responseJsonSchema",
    env: gemini,
    refuses: [
      {
        has: ({ generationConfig }) => "responseJsonSchema" in Object(generationConfig),
        says: "Invalid JSON payload received. Unknown name \"responseJsonSchema\" at 'generation_config': Cannot find field.",
      },
    ],
    option: "schema",
  },
  {
    what: "temperature of Nova",
    env: nova,
    refuses: [
      {
        has: ({ inferenceConfig }) => "temperature" in Object(inferenceConfig),
        says: "This model doesn't support the temperature field. Remove temperature and try again.",
      },
    ],
    option: "temperature",
  },
])("a server that refuses $what", ({ env, refuses, option }) => {
  test("is asked again without it at once, told of, and not asked so again", async () => {
    await using backend = await startModels(refusing(...refuses), env, { agents: withTools });
    const first = await backend.run();
    expect(first.task).toMatchObject({ status: "completed", attempt: 1 });
    expect(first.models.map(({ outcome, cost_usd }) => [outcome, cost_usd > 0])).toEqual([
      ["failed", false],
      ["answered", true],
    ]);
    expect(first.said.join("\n")).toMatch(/ (?:takes|does not take) /);
    const provider = env.AGENT_MODELS?.slice(2).split("/")[0] ?? "";
    const breaker = await backend.deps.loadBreaker(provider);
    expect(breaker).toMatchObject({ failures: 0, lessons: [{ option }] });
    const asked = backend.providers.calls.length;
    expect((await backend.run()).models).toMatchObject([{ outcome: "answered" }]);
    expect(backend.providers.calls).toHaveLength(asked + 1);
  });
});

test("a server that refuses all of it is asked until it takes the rest", async () => {
  const script = refusing(
    { has: hasField("store"), says: "Unrecognized request argument supplied: store" },
    { has: hasField("stream_options"), says: "Unknown parameter: 'stream_options'." },
    { has: hasField("temperature"), says: "`temperature` is not supported" },
    { has: hasField("response_format"), says: "`response_format` is not supported" },
    { has: hasField("tools"), says: "This model does not support tools" },
    { has: hasField("max_tokens"), says: "Unknown parameter: 'max_tokens'." },
  );
  await using backend = await startModels(
    script,
    { ...chat, MODEL_PROVIDERS: takesStore },
    { agents: withTools },
  );
  const { task, models } = await backend.run();
  expect(task?.status).toBe("completed");
  expect(models).toHaveLength(7);
  expect(Object.keys(backend.providers.calls.at(-1)?.raw as Json).sort()).toEqual([
    "max_completion_tokens",
    "messages",
    "model",
    "stream",
  ]);
});

test("a server that refuses the same again, or both fields of the limit, is not asked for ever", async () => {
  const script = refusing(
    { has: hasField("max_tokens"), says: "Unknown parameter: 'max_tokens'." },
    { has: () => true, says: "Unknown parameter: 'max_completion_tokens'." },
  );
  await using backend = await startModels(script, chat);
  const { models, task } = await backend.run();
  expect(models.length).toBeLessThanOrEqual(4);
  expect(task?.status).not.toBe("completed");
});

test("a request never goes out without a limit", async () => {
  const asked = {
    ...chat,
    MODEL_PROVIDERS: JSON.stringify({ openai: { capabilities: { output_limit: "own" } } }),
  };
  await using backend = await startModels(good, asked);
  await backend.run();
  expect(backend.providers.calls[0]?.max_output_tokens).toBe(16_000);
});

test("only OpenAI itself gets `store`, and the prompt has what the SDK would have referred to", async () => {
  await using backend = await startModels(
    (call, index) =>
      index === 0 ? { tool_calls: [{ name: "list_files", input: {} }] } : good(call, index),
    { ...responses, AGENT_MODELS: "*=openai/gpt-6-sol" },
    { agents: withTools },
  );
  expect((await backend.run()).task?.status).toBe("completed");
  expect(backend.providers.calls).toHaveLength(2);
  for (const { raw } of backend.providers.calls) {
    expect(raw).not.toHaveProperty("store");
    expect(JSON.stringify(raw)).not.toContain("item_reference");
    expect(JSON.stringify(raw)).not.toContain('"developer"');
  }
});

test("more tools than a model takes: the next is asked, and the person reads what to list", async () => {
  const env = {
    AGENT_MODELS: "*=openai/llama|anthropic",
    MODEL_FALLBACK: "none",
    MODEL_PROVIDERS: JSON.stringify({ openai: { capabilities: { max_tools: 1 } } }),
  };
  await using backend = await startModels(good, env, { agents: withTools });
  expect((await backend.run()).task?.status).toBe("completed");
  expect(backend.asked()).toEqual(["anthropic"]);
  await using alone = await startModels(
    good,
    { ...env, AGENT_MODELS: "*=openai/llama" },
    { agents: withTools },
  );
  const { pending, models } = await alone.run();
  expect(models).toEqual([]);
  expect(pending[0]?.question).toMatch(
    /takes at most 1 of the agent's 2 tools: list fewer under `tools` in the file of the agent coder/,
  );
});
