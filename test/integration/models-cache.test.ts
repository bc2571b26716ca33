import { expect, test } from "vitest";
import { good, inTurn, startModels, withAgent } from "../support/models-backend.ts";

const marks = (raw: unknown): number =>
  JSON.stringify(raw).match(/"(?:cache_control|cachePoint)":/g)?.length ?? 0;

const listing = { tool_calls: [{ name: "list_context", input: {} }] };

test.each([
  { models: "anthropic", expected: 3 },
  { models: "bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0", expected: 3 },
  { models: "bedrock/us.amazon.nova-lite-v1:0", expected: 0 },
  { models: "openai", expected: 0 },
  { models: "google", expected: 0 },
])(
  "$models: each request of a tool's turns has $expected marks, and begins as the one before",
  async ({ models, expected }) => {
    await using backend = await startModels(
      inTurn(listing, listing, good),
      { AGENT_MODELS: `*=${models}` },
      { agents: withAgent("coder", { tools: ["list_context"] }) },
    );
    await backend.run();
    const { calls, refusals } = backend.providers;
    expect(refusals).toEqual([]);
    expect(calls.map(({ raw }) => marks(raw))).toEqual([expected, expected, expected]);
    const [first, , third] = calls;
    expect(third?.system).toBe(first?.system);
    expect(third?.tools).toEqual(first?.tools);
    expect(third?.messages.slice(0, 1)).toEqual(first?.messages);
  },
);

test("a request without tools has no mark: nothing would read what it has kept", async () => {
  await using backend = await startModels(
    good,
    { AGENT_MODELS: "*=anthropic" },
    { agents: withAgent("coder", { tools: [] }) },
  );
  await backend.run();
  expect(backend.providers.calls.map(({ raw }) => marks(raw))).toEqual([0]);
});
