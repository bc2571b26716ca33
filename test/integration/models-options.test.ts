import { expect, test } from "vitest";
import { good, startModels, withAgent } from "../support/models-backend.ts";

const options = {
  openai: { textVerbosity: "low", user: "u-1" },
  anthropic: { thinking: { type: "enabled", budgetTokens: 100_000 } },
  google: { labels: { team: "a" } },
  bedrock: { requestMetadata: { team: "a" } },
};

test.each<{ env: Record<string, string>; sent: object; lacks?: string[] }>([
  {
    env: { AGENT_MODELS: "*=openai/gpt-5.1" },
    sent: { reasoning: { effort: "low" }, text: { verbosity: "low" }, user: "u-1" },
  },
  {
    env: { AGENT_MODELS: "*=openai/some-model", OPENAI_API: "chat" },
    sent: { reasoning_effort: "low", verbosity: "low", user: "u-1", max_tokens: 16_000 },
  },
  {
    env: { AGENT_MODELS: "*=openai/gpt-4o", OPENAI_API: "chat" },
    sent: { verbosity: "low" },
    lacks: ["reasoning_effort"],
  },
  {
    env: { AGENT_MODELS: "*=anthropic/claude-sonnet-4-5" },
    sent: { max_tokens: 16_000, thinking: { type: "enabled", budget_tokens: 8_000 } },
  },
  {
    env: { AGENT_MODELS: "*=anthropic/claude-opus-5-5" },
    sent: { max_tokens: 16_000, output_config: { effort: "low" } },
  },
  {
    env: { AGENT_MODELS: "*=google/gemini-2.5-flash" },
    sent: { labels: { team: "a" }, generationConfig: { thinkingConfig: expect.anything() } },
  },
  {
    env: { AGENT_MODELS: "*=bedrock/eu.anthropic.claude-sonnet-4-6-v1:0" },
    sent: {
      requestMetadata: { team: "a" },
      inferenceConfig: { maxTokens: 16_000 },
      additionalModelRequestFields: { output_config: { effort: "low" } },
    },
  },
  {
    env: { AGENT_MODELS: "*=bedrock/eu.anthropic.claude-sonnet-4-5-v1:0" },
    sent: { inferenceConfig: { maxTokens: 16_000 } },
    lacks: ["additionalModelRequestFields.thinking"],
  },
])(
  "$env.AGENT_MODELS gets the effort and the options of its family",
  async ({ env, sent, lacks }) => {
    const agents = withAgent("coder", {
      reasoning_effort: "low",
      provider_options: options,
      max_output_tokens: 16_000,
    });
    await using backend = await startModels(good, { ...env, MODEL_FALLBACK: "none" }, { agents });
    expect((await backend.run()).task?.status).toBe("completed");
    const raw = backend.providers.calls[0]?.raw;
    expect(raw).toMatchObject(sent);
    for (const field of lacks ?? []) expect(raw).not.toHaveProperty(field);
    expect(backend.providers.refusals).toEqual([]);
  },
);
