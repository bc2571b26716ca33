import { expect, test } from "vitest";
import type { Reply, Script } from "../providers/wire.ts";
import { good, hurriedClock, inTurn, startModels, withAgent } from "../support/models-backend.ts";

type Broken = {
  reply: Reply;
  code: string;
  /** Whether the provider charged for it, as far as one can know. */
  charged: boolean;
};

type Group = { name: string; broken: readonly Broken[]; waits?: number[]; seconds?: string };

const half = { text: '{"content": {"summary": "Half' };

const refused = (status: number, code: string, headers: Record<string, string> = {}): Broken => ({
  reply: { status, headers },
  code,
  charged: false,
});
const brokenOff = (reply: Reply, code = "broken_answer"): Broken => ({
  reply: { ...half, ...reply },
  code,
  charged: true,
});

const statuses: Group = {
  name: "429 with a pause, 500, 529",
  broken: [
    refused(429, "rate_limited", { "retry-after": "3" }),
    refused(500, "provider_error"),
    refused(529, "overloaded"),
  ],
  waits: [3_000],
};

const connections: Group = {
  name: "a connection that is reset, one that breaks off",
  broken: [
    { reply: { reset: true }, code: "unreachable", charged: false },
    brokenOff({ truncate: "mid" }),
  ],
};

const streams: Group = {
  name: "a broken frame, no end, an error in mid-stream",
  broken: [
    brokenOff({ malformed: true }),
    brokenOff({ truncate: "no_end" }),
    brokenOff({ error: { message: "Overloaded" } }, "provider_error"),
  ],
};

const slow: Group = {
  name: "nothing in time",
  broken: [{ reply: { hang: true }, code: "timeout", charged: true }],
  seconds: "2",
};

const stuck: Group = {
  name: "half of it in time",
  broken: [brokenOff({ hang: "mid" }, "timeout")],
  seconds: "2",
};

const rows = [
  { wire: "anthropic", groups: [statuses, connections, streams, slow] },
  { wire: "openai", groups: [statuses, streams, stuck] },
  { wire: "openai", OPENAI_API: "chat", groups: [streams] },
  { wire: "google", groups: [streams] },
  { wire: "bedrock", groups: [streams] },
].flatMap(({ wire, groups, OPENAI_API = "" }) =>
  groups.map((group) => ({
    ...group,
    env: {
      AGENT_MODELS: `*=${wire}`,
      OPENAI_API,
      // Another model would be asked rather than the same one again.
      ...(group.seconds && { MODEL_TIMEOUT_SECONDS: group.seconds, MODEL_FALLBACK: "none" }),
    },
  })),
);

test.each(rows)(
  "$env.AGENT_MODELS $env.OPENAI_API, $name: it is asked again, and answers",
  async ({ env, broken, waits = [] }) => {
    const clock = hurriedClock();
    const script = inTurn(...broken.map(({ reply }) => reply));
    await using backend = await startModels(script, env, { clock });
    const { task, models, usage, retries } = await backend.run();
    expect(task).toMatchObject({ status: "completed", attempt: 1 });
    expect(retries).toEqual([]);
    const answer = { purpose: "answer" };
    expect(models).toMatchObject([
      ...broken.map(({ code, charged }) => ({
        ...answer,
        outcome: "failed",
        error_code: code,
        estimated: charged,
      })),
      { ...answer, outcome: "answered", error_code: null, input_tokens: 1_000, estimated: false },
    ]);
    const costs = models.map(({ cost_usd }) => cost_usd);
    expect(costs.map((cost) => cost > 0)).toEqual([...broken.map(({ charged }) => charged), true]);
    const failed_calls = broken.length;
    expect(usage.total).toMatchObject({ calls: failed_calls + 1, failed_calls, reserved_usd: 0 });
    expect(usage.total.cost_usd).toBeCloseTo(
      costs.reduce((sum, cost) => sum + cost, 0),
      6,
    );
    expect(new Set(backend.asked()).size).toBe(1);
    expect(backend.providers.refusals).toEqual([]);
    expect(clock.slept.filter((ms) => ms >= 1_000)).toEqual(waits);
  },
);

test("a tool call that breaks off is paid for as far as it came", async () => {
  const input = { note: "x".repeat(3_000) };
  const broken: Reply = { tool_calls: [{ name: "list_files", input }], truncate: "mid" };
  await using backend = await startModels(inTurn(broken), { AGENT_MODELS: "*=anthropic" });
  const { task, models } = await backend.run();
  expect(task).toMatchObject({ status: "completed" });
  expect(models[0]).toMatchObject({ outcome: "failed", estimated: true });
  expect(models[0]?.output_tokens).toBeGreaterThan(100);
});

test("an answer that the SDK keeps back until it is whole is no silence", async () => {
  const script: Script = async (call, index) => ({
    ...(await good(call, index)),
    chunks: 40,
    chunk_ms: 50,
  });
  const env = { AGENT_MODELS: "*=bedrock/amazon.nova-pro-v1:0", MODEL_TIMEOUT_SECONDS: "1.5" };
  const agents = withAgent("coder", { tools: [] });
  await using backend = await startModels(script, env, { agents });
  const { models } = await backend.run();
  expect(models).toMatchObject([{ outcome: "answered" }]);
  expect(backend.providers.calls[0]?.json_tool).toBe("json");
  expect(models[0]?.duration_ms).toBeGreaterThan(1_500);
});
