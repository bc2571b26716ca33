import { expect, test } from "vitest";
import { type Capabilities, capabilitiesOf } from "../../../lib/settings/capabilities.ts";
import { loadModels } from "../../../lib/settings/config.ts";
import type { Provider } from "../../../lib/settings/providers.ts";

const openAi = "https://api.openai.com/v1";
const elsewhere = "https://models.example.com/v1";

const takes = (
  api: Provider["api"],
  model: string,
  { base_url = elsewhere, ...settings }: Partial<Provider> = {},
): Capabilities =>
  capabilitiesOf({
    provider: { name: "p", api, base_url, api_key: null, region: null, model, ...settings },
    model,
  });

test.each<{ api: Provider["api"]; model: string; base_url?: string; expected: object }>([
  {
    api: "openai-chat",
    model: "llama",
    expected: { schema: true, store: false, output_limit: "max_tokens", max_tools: 128 },
  },
  { api: "openai-chat", model: "llama", base_url: openAi, expected: { store: true } },
  { api: "openai", model: "gpt-6-sol", base_url: openAi, expected: { store: true } },
  {
    api: "openai",
    model: "gpt-6-sol",
    base_url: "https://eu.api.openai.com/v1",
    expected: { store: true },
  },
  {
    api: "openai",
    model: "m",
    base_url: "https://api.openai.com.example.com/v1",
    expected: { store: false },
  },
  { api: "openai", model: "m", base_url: "https://myapi.openai.com", expected: { store: false } },
  { api: "openai", model: "m", base_url: "no address", expected: { store: false } },
  {
    api: "openai-chat",
    model: "gpt-5-mini",
    expected: { temperature: false, output_limit: "max_completion_tokens" },
  },
  { api: "openai-chat", model: "o3", expected: { output_limit: "max_completion_tokens" } },
  { api: "openai-chat", model: "gpt-10", expected: { temperature: false } },
  { api: "openai", model: "gpt-5.2", expected: { temperature: true, output_limit: "own" } },
  { api: "openai-chat", model: "openai/gpt-5", expected: { output_limit: "max_tokens" } },
  { api: "openai-chat", model: "gpt-4o-mini", expected: { max_output_tokens: 16_384 } },
  {
    api: "anthropic",
    model: "claude-sonnet-5-5",
    expected: { temperature: false, cache_control: "explicit", max_tools: null },
  },
  { api: "anthropic", model: "claude-sonnet-4-5", expected: { max_output_tokens: 64_000 } },
  { api: "anthropic", model: "claude-sonnet-4-6", expected: { max_output_tokens: 128_000 } },
  { api: "anthropic", model: "claude-opus-4-20250514", expected: { max_output_tokens: 32_000 } },
  { api: "anthropic", model: "other", expected: { temperature: true, max_output_tokens: null } },
  {
    api: "bedrock",
    model: "eu.anthropic.claude-opus-4-8-v1:0",
    expected: { temperature: false, cache_control: "explicit" },
  },
  {
    api: "bedrock",
    model: "amazon.nova-lite-v1:0",
    expected: { max_output_tokens: 10_000, cache_control: "none" },
  },
  { api: "bedrock", model: "amazon.nova-2-lite-v1:0", expected: { max_output_tokens: null } },
  { api: "google", model: "models/gemini-2.5-pro", expected: { max_output_tokens: 65_536 } },
])("$api $model at $base_url takes $expected", ({ api, model, base_url, expected }) => {
  expect(takes(api, model, base_url ? { base_url } : {})).toMatchObject(expected);
});

test("the settings of a provider, and those of a model more, replace the table", () => {
  const settings = {
    capabilities: { schema: false, max_tools: 64, max_output_tokens: null },
    models: { "gpt-4o": { capabilities: { max_tools: 8, store: true } }, other: {} },
  };
  expect(takes("openai", "gpt-4o", settings)).toMatchObject({
    schema: false,
    max_tools: 8,
    store: true,
    max_output_tokens: null,
    max_input_tokens: 128_000,
  });
  expect(takes("openai", "other", settings)).toMatchObject({ max_tools: 64, store: false });
  expect(takes("openai", "constructor", settings)).toMatchObject({ max_tools: 64, store: false });
});

const groq = { api: "openai-chat", base_url: "https://api.groq.com/openai/v1", model: "llama" };

test("MODEL_PROVIDERS sets them for added and for built-in providers", () => {
  const said = {
    capabilities: { schema: false },
    models: { m: { capabilities: { tools: false } } },
  };
  const { providers } = loadModels({
    OPENAI_API_KEY: "k",
    MODEL_PROVIDERS: JSON.stringify({ groq: { ...groq, ...said }, openai: said }),
  });
  expect(providers).toMatchObject([
    { name: "openai", ...said },
    { name: "groq", ...said },
  ]);
});

test.each<{ said: object; says: string[] }>([
  { said: { capabilities: { schema: "no" } }, says: ["groq.capabilities.schema", "boolean"] },
  { said: { capabilities: { shema: false } }, says: ['"shema"', "groq.capabilities"] },
  { said: { capabilities: { max_tools: 0 } }, says: ["max_tools", ">=1"] },
  { said: { capabilities: { output_limit: "none" } }, says: ["output_limit", "max_tokens"] },
  { said: { capabilities: { tool_schemas: "mistral" } }, says: ["tool_schemas", "anthropic"] },
  { said: { capabilities: null }, says: ["groq.capabilities"] },
  { said: { models: ["m"] }, says: ["groq.models"] },
  { said: { models: { m: { schema: false } } }, says: ["groq.models.m", '"schema"'] },
  { said: { models: { "a b": {} } }, says: ["groq.models"] },
])("$said is refused", ({ said, says }) => {
  const env = { MODEL_PROVIDERS: JSON.stringify({ groq: { ...groq, ...said } }) };
  for (const part of says) expect(() => loadModels(env)).toThrow(part);
});
