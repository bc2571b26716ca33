import { expect, test } from "vitest";
import { loadModels } from "../../../lib/settings/config.ts";
import { chainOf, describeModel, parseReference } from "../../../lib/settings/providers.ts";

const arn = "arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.anthropic.claude-v1:0";

test.each([
  { text: "openai", choice: { provider: "openai", model: null } },
  { text: " openai/gpt-5 ", choice: { provider: "openai", model: "gpt-5" } },
  { text: "openai:gpt-5", choice: { provider: "openai", model: "gpt-5" } },
  { text: "groq/meta/llama:8b", choice: { provider: "groq", model: "meta/llama:8b" } },
  { text: `bedrock/${arn}`, choice: { provider: "bedrock", model: arn } },
  { text: `bedrock:${arn}`, choice: { provider: "bedrock", model: arn } },
  { text: "offline", choice: { provider: "offline", model: null } },
  { text: "", choice: null },
  { text: "/gpt-5", choice: null },
  { text: "openai/", choice: null },
  { text: "5openai", choice: null },
  { text: "open ai", choice: null },
  { text: "offline/x", choice: null },
  { text: "a".repeat(41), choice: null },
])("the reference $text", ({ text, choice }) => {
  expect(parseReference(text)).toEqual(choice);
});

const three = {
  ANTHROPIC_API_KEY: "k",
  ANTHROPIC_MODEL: "a",
  OPENAI_API_KEY: "k",
  OPENAI_MODEL: "o",
  GEMINI_API_KEY: "k",
  GOOGLE_MODEL: "g",
};

type Row = {
  name: string;
  env?: Record<string, string>;
  preference?: readonly string[];
  chain: string;
};

test.each<Row>([
  { name: "all stand in for each other", chain: "anthropic/a openai/o google/g" },
  {
    name: "its own comes first",
    env: { AGENT_MODELS: "coder=google" },
    chain: "google/g anthropic/a openai/o",
  },
  {
    name: "its own come in their order",
    env: { AGENT_MODELS: "coder=openai/x|openai|google/y" },
    chain: "openai/x openai/o google/y anthropic/a",
  },
  {
    name: "the same one is there once",
    env: { AGENT_MODELS: "coder=openai|openai/o", MODEL_FALLBACK: "openai:o,google" },
    chain: "openai/o google/g",
  },
  {
    name: "what is said of it goes before its preference",
    env: { AGENT_MODELS: "coder=google,*=openai", MODEL_FALLBACK: "none" },
    preference: ["anthropic"],
    chain: "google/g",
  },
  {
    name: "its preference goes before what is said of all",
    env: { AGENT_MODELS: "*=openai", MODEL_FALLBACK: "none" },
    preference: ["bedrock/x", "anthropic/b", "not one!"],
    chain: "anthropic/b",
  },
  {
    name: "a preference that cannot be had is none",
    env: { AGENT_MODELS: "*=openai", MODEL_FALLBACK: "none" },
    preference: ["bedrock", "groq/llama"],
    chain: "openai/o",
  },
  {
    name: "fallbacks follow in their order",
    env: { AGENT_MODELS: "coder=google", MODEL_FALLBACK: "openai/mini,anthropic" },
    chain: "google/g openai/mini anthropic/a",
  },
  {
    name: "another model of a provider is no fallback by itself",
    env: { AGENT_MODELS: "coder=openai/x" },
    chain: "openai/x anthropic/a google/g",
  },
  { name: "no fallback leaves the first", env: { MODEL_FALLBACK: "none" }, chain: "anthropic/a" },
  { name: "it is set offline", env: { AGENT_MODELS: "coder=offline" }, chain: "" },
  { name: "all are set offline", env: { AGENT_MODELS: "*=offline" }, chain: "" },
  {
    name: "all are set offline, but it prefers a model",
    env: { AGENT_MODELS: "*=offline", MODEL_FALLBACK: "none" },
    preference: ["google"],
    chain: "google/g",
  },
  { name: "it prefers to be offline", preference: ["offline", "google"], chain: "" },
  {
    name: "it prefers a model that cannot be had, or else to be offline",
    preference: ["bedrock", "offline"],
    chain: "",
  },
  {
    name: "it prefers a model, or else to be offline",
    env: { MODEL_FALLBACK: "none" },
    preference: ["google", "offline", "openai"],
    chain: "google/g",
  },
])("$name: $chain", ({ env = {}, preference = [], chain }) => {
  const models = loadModels({ ...three, ...env });
  expect(chainOf(models, "coder", preference).map(describeModel).join(" ")).toBe(chain);
});

test.each(["coder", "*", "constructor"])("without providers %s has no chain", (agent) => {
  expect(chainOf(loadModels({}), agent, ["openai", "offline"])).toEqual([]);
});
