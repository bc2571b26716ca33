import { tool } from "ai";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { ask, ways } from "./clients.ts";
import { answerAnything } from "./instance-of.ts";
import { startProviders } from "./server.ts";

const verdict = z.object({
  verdict: z.enum(["yes", "no"]),
  reasons: z.array(z.string().min(3)).min(2),
  confidence: z.number().min(0).max(1),
});

const lookup = tool({
  description: "Looks a word up.",
  inputSchema: z.object({ word: z.string() }),
  execute: ({ word }) => ({ meaning: `what ${word} means` }),
});

describe.each(ways)("$provider, $mode", ({ provider, mode }) => {
  test("a text, whole or in pieces, with its usage", async () => {
    await using providers = await startProviders(() => ({
      text: "The answer is yes.",
      chunks: 4,
      usage: { input_tokens: 100, output_tokens: 20, cached_input_tokens: 40, reasoning_tokens: 5 },
    }));
    const { env, calls } = providers;
    const answer = await ask({ provider, mode, env });
    expect(answer).toMatchObject({ text: "The answer is yes.", finish: "stop" });
    expect(answer.usage).toEqual({ input: 100, output: 20, cached: 40 });
    if (mode === "streaming") expect(answer.deltas).toHaveLength(4);
    const stream = mode === "streaming";
    expect(calls).toMatchObject([{ provider, stream, prompt: "Is it?", max_output_tokens: 400 }]);
    expect(await calls[0]?.aborted).toBe(false);
  });

  test("a structured answer", async () => {
    await using providers = await startProviders(answerAnything({ verdict: "no" }));
    const { env, calls } = providers;
    const answer = await ask({ provider, mode, env, schema: verdict });
    expect(answer.finish).toBe("stop");
    expect(verdict.parse(answer.output)).toMatchObject({ verdict: "no" });
    expect(calls[0]?.schema).toMatchObject({ type: "object", required: expect.anything() });
    expect(calls[0]?.tools).toEqual([]);
  });

  test.each([undefined, verdict])("a tool call and its result, schema: %o", async (schema) => {
    await using providers = await startProviders((call, index) =>
      index === 0
        ? { text: "Let me look.", tool_calls: [{ name: "lookup", input: { word: "queue" } }] }
        : schema
          ? answerAnything()(call, index)
          : { text: "It means a line." },
    );
    const { env, calls, refusals } = providers;
    const asked = { provider, mode, env, tools: { lookup }, ...(schema && { schema }) };
    const answer = await ask(asked);
    expect(answer.finish).toBe("stop");
    expect(refusals).toEqual([]);
    expect(calls.map(({ tools }) => tools.map(({ name }) => name))).toEqual([
      ["lookup"],
      ["lookup"],
    ]);
    const said = calls[1]?.messages ?? [];
    expect(said.flatMap(({ tool_calls }) => tool_calls)).toMatchObject([
      { name: "lookup", input: { word: "queue" } },
    ]);
    expect(said.at(-1)).toMatchObject({ role: "tool", tool_results: [{ id: "call_0_0" }] });
    expect(calls[1]?.prompt).toContain("what queue means");
  });

  test.each([
    { finish: "length", seen: "length" },
    { finish: "content_filter", seen: "content-filter" },
  ] as const)("an answer that ends by $finish", async ({ finish, seen }) => {
    await using providers = await startProviders(() => ({ text: "The answer", finish }));
    const answer = await ask({ provider, mode, env: providers.env });
    expect(answer).toMatchObject({ text: "The answer", finish: seen });
  });
});

test.each([
  { provider: "anthropic", model: "claude-3-5-haiku-latest", json_tool: "json" },
  { provider: "anthropic", model: "claude-sonnet-4-5", json_tool: null },
  { provider: "google", model: "gemini-2.5-flash", json_tool: "json" },
  { provider: "google", model: "gemini-3-flash-preview", json_tool: null },
  { provider: "bedrock", model: "amazon.nova-lite-v1:0", json_tool: "json" },
  { provider: "bedrock", model: "us.anthropic.claude-sonnet-4-5-20250929-v1:0", json_tool: null },
  { provider: "bedrock", model: "us.anthropic.claude-opus-5-v1:0", json_tool: null },
] as const)("$provider brings the schema of $model by its own way", async (row) => {
  await using providers = await startProviders(answerAnything());
  const { env, calls } = providers;
  for (const mode of ["streaming", "whole"] as const) {
    const answer = await ask({ ...row, mode, env, schema: verdict, tools: { lookup } });
    expect(verdict.safeParse(answer.output).error).toBeUndefined();
  }
  expect(calls).toHaveLength(2);
  for (const { json_tool, schema, tools } of calls) {
    expect(json_tool).toBe(row.json_tool);
    expect(Object.keys((schema?.properties ?? {}) as object)).toContain("verdict");
    expect(tools.map(({ name }) => name)).toEqual(["lookup"]);
  }
});

test("a Gemini 3 call keeps its signature", async () => {
  await using providers = await startProviders((_call, index) =>
    index === 0
      ? { tool_calls: [{ name: "lookup", input: { word: "queue" } }] }
      : { text: "Done." },
  );
  const { env, calls } = providers;
  const model = "gemini-3-flash-preview";
  await ask({ provider: "google", mode: "streaming", env, model, tools: { lookup } });
  expect(JSON.stringify(calls[1]?.raw)).toContain('"thoughtSignature":"c2lnbmVk"');
});
