import { expect, test } from "vitest";
import {
  deleteEmptyVariables,
  loadModels,
  refuseSilentOffline,
} from "../../../lib/settings/config.ts";
import type { Provider } from "../../../lib/settings/providers.ts";

type Environment = Parameters<typeof loadModels>[0];

const groq = { api: "openai-chat", base_url: "https://api.groq.com/openai/v1", model: "llama" };
const providersOf = (env: Environment) => loadModels(env).providers;
const namesOf = (env: Environment) => providersOf(env).map(({ name }) => name);

/** What is said when the start is refused. */
const refusalOf = (env: Environment): string => {
  try {
    loadModels(env);
  } catch (error) {
    return (error as Error).message;
  }
  return "";
};

test("without variables there is no provider, and the limits are the usual ones", () => {
  expect(loadModels({})).toEqual({
    providers: [],
    agents: new Map(),
    fallbacks: null,
    timeoutMs: 120_000,
    contextTokens: 30_000,
    budgets: {
      task: 5_000_000,
      project: 25_000_000,
      tenant: 1_000_000_000,
      day: 100_000_000,
    },
    transcriptsMs: null,
    mcpServers: {},
    prices: {},
  });
});

test.each<{ env: Environment; provider: Partial<Provider> }>([
  {
    env: { ANTHROPIC_API_KEY: "k" },
    provider: {
      name: "anthropic",
      api: "anthropic",
      base_url: "https://api.anthropic.com/v1",
      api_key: "k",
      region: null,
    },
  },
  {
    env: { ANTHROPIC_API_KEY: "k", ANTHROPIC_BASE_URL: "https://api.anthropic.com/" },
    provider: { base_url: "https://api.anthropic.com/v1" },
  },
  {
    env: { OPENAI_API_KEY: " k\n" },
    provider: {
      name: "openai",
      api: "openai",
      base_url: "https://api.openai.com/v1",
      api_key: "k",
    },
  },
  { env: { OPENAI_API_KEY: "k", OPENAI_API: "chat" }, provider: { api: "openai-chat" } },
  {
    env: { OPENAI_API_KEY: "k", OPENAI_BASE_URL: "http://127.0.0.1:1234/v1//" },
    provider: { base_url: "http://127.0.0.1:1234/v1" },
  },
  { env: { OPENAI_API_KEY: "k", OPENAI_MODEL: "gpt-5-mini" }, provider: { model: "gpt-5-mini" } },
  {
    env: { GOOGLE_API_KEY: "third" },
    provider: {
      name: "google",
      api: "google",
      base_url: "https://generativelanguage.googleapis.com/v1beta",
      api_key: "third",
    },
  },
  { env: { GOOGLE_API_KEY: "c", GEMINI_API_KEY: "b" }, provider: { api_key: "b" } },
  {
    env: { GEMINI_API_KEY: "b", GOOGLE_GENERATIVE_AI_API_KEY: "a" },
    provider: { api_key: "a" },
  },
  {
    env: { AWS_BEARER_TOKEN_BEDROCK: "k", AWS_REGION: "eu-west-1" },
    provider: {
      name: "bedrock",
      api: "bedrock",
      base_url: "https://bedrock-runtime.eu-west-1.amazonaws.com",
      api_key: "k",
      region: "eu-west-1",
      model: "eu.anthropic.claude-sonnet-5-5",
    },
  },
  {
    env: { MODEL_FALLBACK: "bedrock", AWS_REGION: "ap-south-1" },
    provider: { name: "bedrock", api_key: null, model: "global.anthropic.claude-sonnet-5-5" },
  },
  {
    env: { AGENT_MODELS: "*=bedrock/a.b-v1:0", AWS_REGION: "cn-north-1" },
    provider: { base_url: "https://bedrock-runtime.cn-north-1.amazonaws.com.cn" },
  },
  {
    env: {
      AWS_BEARER_TOKEN_BEDROCK: "k",
      AWS_REGION: "eu-west-1",
      AWS_ENDPOINT_URL_BEDROCK_RUNTIME: "http://127.0.0.1:9",
      BEDROCK_MODEL: "mine",
    },
    provider: { base_url: "http://127.0.0.1:9", model: "mine" },
  },
  {
    env: { MODEL_PROVIDERS: JSON.stringify({ groq: { ...groq, api_key: "k" } }) },
    provider: { name: "groq", ...groq, api_key: "k", region: null } as Provider,
  },
  {
    env: { MODEL_PROVIDERS: JSON.stringify({ ollama: { ...groq, api_key: "" } }) },
    provider: { name: "ollama", api_key: null },
  },
  {
    env: {
      AWS_REGION: "eu-west-1",
      MODEL_PROVIDERS: '{"oregon": {"api": "bedrock", "region": "us-west-2", "model": "m"}}',
    },
    provider: {
      region: "us-west-2",
      base_url: "https://bedrock-runtime.us-west-2.amazonaws.com",
    },
  },
  {
    env: { OPENAI_API_KEY: "k", MODEL_PROVIDERS: '{"openai": {"model": "other"}}' },
    provider: { name: "openai", model: "other", api_key: "k" },
  },
  {
    env: { MODEL_PROVIDERS: '{"openai": {"base_url": "http://127.0.0.1:11434/v1"}}' },
    provider: { name: "openai", base_url: "http://127.0.0.1:11434/v1", api_key: null },
  },
  {
    env: { AWS_REGION: "eu-west-1", MODEL_PROVIDERS: '{"bedrock": {"region": "us-east-1"}}' },
    provider: { region: "us-east-1", base_url: "https://bedrock-runtime.us-east-1.amazonaws.com" },
  },
])("$env configures one provider", ({ env, provider }) => {
  const providers = providersOf(env);
  expect(providers).toHaveLength(1);
  expect(providers[0]).toMatchObject(provider);
  expect(providers[0]?.model).toMatch(/./);
});

test.each<{ env: Environment }>([
  { env: { OPENAI_API_KEY: "", ANTHROPIC_API_KEY: "  ", AGENT_MODELS: "", MODEL_FALLBACK: "" } },
  { env: { OPENAI_MODEL: "gpt-5", AWS_REGION: "eu-west-1", BUDGET_DAY_USD: "" } },
  { env: { MODEL_PROVIDERS: '{"anthropic": {"model": "claude"}}' } },
  { env: { MODEL_PROVIDERS: "", MODEL_TIMEOUT_SECONDS: "" } },
])("$env configures none", ({ env }) => {
  expect(loadModels(env)).toEqual(loadModels({}));
});

test("they stand in for each other in a fixed order, the added ones last and in theirs", () => {
  const env = {
    MODEL_PROVIDERS: JSON.stringify({ zeta: groq, groq, openai: { model: "m" } }),
    AWS_BEARER_TOKEN_BEDROCK: "k",
    AWS_REGION: "eu-west-1",
    GEMINI_API_KEY: "k",
    OPENAI_API_KEY: "k",
    ANTHROPIC_API_KEY: "k",
  };
  expect(namesOf(env)).toEqual(["anthropic", "openai", "google", "bedrock", "zeta", "groq"]);
});

const keys = { ANTHROPIC_API_KEY: "k", OPENAI_API_KEY: "k", GEMINI_API_KEY: "k" };

test.each([
  " analyst = anthropic , architect=openai/gpt-5|anthropic:claude , *=google,coder=offline",
  JSON.stringify({
    analyst: "anthropic",
    architect: ["openai/gpt-5", "anthropic:claude"],
    "*": ["google"],
    coder: "offline",
  }),
])("AGENT_MODELS is read from %s", (AGENT_MODELS) => {
  expect(loadModels({ ...keys, AGENT_MODELS }).agents).toEqual(
    new Map<string, unknown>([
      ["analyst", [{ provider: "anthropic", model: null }]],
      [
        "architect",
        [
          { provider: "openai", model: "gpt-5" },
          { provider: "anthropic", model: "claude" },
        ],
      ],
      ["*", [{ provider: "google", model: null }]],
      ["coder", "offline"],
    ]),
  );
});

test.each([
  { text: "none", fallbacks: [] },
  {
    text: "anthropic, openai/gpt-5-mini",
    fallbacks: [
      { provider: "anthropic", model: null },
      { provider: "openai", model: "gpt-5-mini" },
    ],
  },
])("MODEL_FALLBACK is read from $text", ({ text, fallbacks }) => {
  expect(loadModels({ ...keys, MODEL_FALLBACK: text }).fallbacks).toEqual(fallbacks);
});

test("limits are read in their own units", () => {
  const env = {
    MODEL_TIMEOUT_SECONDS: "0.5",
    CONTEXT_TOKENS: "1000",
    BUDGET_TASK_USD: "0",
    BUDGET_PROJECT_USD: "none",
    BUDGET_TENANT_USD: "0.000001",
    BUDGET_DAY_USD: "$12,34",
    KEEP_TRANSCRIPTS: "12h",
    MCP_SERVERS: '{"docs":{"url":"http://127.0.0.1:1/mcp"}}',
    MODEL_PRICES: '{"own":{"input":1,"output":2}}',
  };
  expect(loadModels(env)).toMatchObject({
    timeoutMs: 500,
    contextTokens: 1_000,
    budgets: { task: 0, project: null, tenant: 1, day: 12_340_000 },
    prices: { own: { input: 1, cached_input: 1, output: 2 } },
    transcriptsMs: 43_200_000,
    mcpServers: {
      docs: { url: "http://127.0.0.1:1/mcp", headers: {}, approval: "writes", timeout_seconds: 30 },
    },
  });
});

test.each<{ variable: string; value: string; says: string }>([
  { variable: "OPENAI_API", value: "completions", says: "responses" },
  { variable: "OPENAI_API_KEY", value: "sk-secret key", says: "printable ASCII" },
  { variable: "OPENAI_API_KEY", value: "sk-secret\u00fc", says: "printable ASCII" },
  { variable: "OPENAI_BASE_URL", value: "api.openai.com", says: "http(s) address" },
  { variable: "OPENAI_BASE_URL", value: "ftp://secret", says: "http(s) address" },
  { variable: "OPENAI_BASE_URL", value: "https://me:secret@x.org/v1", says: "without credentials" },
  { variable: "OPENAI_BASE_URL", value: "https://x.org/v1?key=secret", says: "without" },
  { variable: "OPENAI_MODEL", value: "two words", says: "model's id" },
  { variable: "AWS_REGION", value: "ireland", says: "eu-west-1" },
  { variable: "MODEL_PROVIDERS", value: "groq", says: "JSON like" },
  { variable: "MODEL_PROVIDERS", value: '{"groq": {"api_key": "secret"', says: "JSON like" },
  { variable: "MODEL_PROVIDERS", value: '["groq"]', says: "MODEL_PROVIDERS" },
  { variable: "MODEL_PROVIDERS", value: '{"groq": "secret"}', says: "groq" },
  { variable: "MODEL_PROVIDERS", value: '{"groq": {}}', says: '"groq" lacks api, base_url, model' },
  { variable: "MODEL_PROVIDERS", value: '{"groq": {"api": "soap"}}', says: "groq.api" },
  { variable: "MODEL_PROVIDERS", value: '{"groq": {"key": "secret"}}', says: '"key"' },
  { variable: "MODEL_PROVIDERS", value: '{"groq": {"api_key": 5}}', says: "groq.api_key" },
  {
    variable: "MODEL_PROVIDERS",
    value: '{"groq": {"base_url": "https://me:secret@x"}}',
    says: "credentials",
  },
  {
    variable: "MODEL_PROVIDERS",
    value: JSON.stringify({ Groq: groq }),
    says: "cannot be the name of a provider",
  },
  {
    variable: "MODEL_PROVIDERS",
    value: JSON.stringify({ offline: groq }),
    says: "cannot be the name of a provider",
  },
  {
    variable: "MODEL_PROVIDERS",
    value: JSON.stringify({ ["g".repeat(41)]: groq }),
    says: "cannot be the name of a provider",
  },
  { variable: "AGENT_MODELS", value: "anthropic", says: "Must be like" },
  { variable: "AGENT_MODELS", value: "analyst=anthropic,", says: "Must be like" },
  { variable: "AGENT_MODELS", value: "=anthropic", says: "Must be like" },
  { variable: "AGENT_MODELS", value: "Ana Lyst=anthropic", says: "is not the name of an agent" },
  { variable: "AGENT_MODELS", value: "analyst=", says: "is not a model" },
  { variable: "AGENT_MODELS", value: "analyst=anthropic|", says: "is not a model" },
  { variable: "AGENT_MODELS", value: "analyst=anthropic/", says: "is not a model" },
  { variable: "AGENT_MODELS", value: "analyst=Anthropic", says: "is not a model" },
  { variable: "AGENT_MODELS", value: "analyst=anthropic/a b", says: "is not a model" },
  { variable: "AGENT_MODELS", value: "analyst=offline/x", says: "is not a model" },
  { variable: "AGENT_MODELS", value: "analyst=anthropic|offline", says: "must stand alone" },
  { variable: "AGENT_MODELS", value: "analyst=google,analyst=openai", says: "occurs twice" },
  { variable: "AGENT_MODELS", value: "analyst=groq", says: '"groq" is not configured' },
  { variable: "AGENT_MODELS", value: '{"analyst": []}', says: "Must be like" },
  { variable: "AGENT_MODELS", value: '{"analyst": 5}', says: "Must be like" },
  { variable: "AGENT_MODELS", value: '{"analyst"', says: "Must be like" },
  { variable: "AGENT_MODELS", value: "*=bedrock", says: "needs a region" },
  { variable: "MODEL_FALLBACK", value: "openai,", says: "is not a model" },
  { variable: "MODEL_FALLBACK", value: "none,openai", says: '"none" is not configured' },
  { variable: "MODEL_FALLBACK", value: "offline", says: "in MODEL_FALLBACK write `none`" },
  { variable: "MODEL_FALLBACK", value: "groq", says: "configured: anthropic, openai, google" },
  { variable: "MODEL_TIMEOUT_SECONDS", value: "0", says: ">0" },
  { variable: "MODEL_TIMEOUT_SECONDS", value: "soon", says: "number" },
  { variable: "KEEP_TRANSCRIPTS", value: "forever", says: "like 30m, 12h or 7d" },
  { variable: "KEEP_TRANSCRIPTS", value: "7", says: "like 30m, 12h or 7d" },
  { variable: "KEEP_TRANSCRIPTS", value: "0d", says: "like 30m, 12h or 7d" },
  { variable: "KEEP_TRANSCRIPTS", value: "366d", says: "at most 365d" },
  { variable: "CONTEXT_TOKENS", value: "1.5", says: "int" },
  { variable: "CONTEXT_TOKENS", value: "0", says: ">=1" },
  { variable: "BUDGET_TASK_USD", value: "-1", says: "US dollars" },
  { variable: "BUDGET_DAY_USD", value: "much", says: "US dollars" },
  { variable: "BUDGET_TENANT_USD", value: "Infinity", says: "US dollars" },
  { variable: "BUDGET_TENANT_USD", value: "1,000", says: 'Write "1000" or "1.00"' },
])("$variable=$value stops the start: $says", ({ variable, value, says }) => {
  const refusal = refusalOf({ ...keys, [variable]: value });
  expect(refusal).toContain("The environment is not valid.");
  expect(refusal).toContain(says === "needs a region" ? "AWS_REGION" : variable);
  expect(refusal).toContain(says);
  expect(refusal).not.toContain("secret");
});

test("everything that is wrong is said at once", () => {
  const refusal = refusalOf({ AGENT_MODELS: "analyst=openai,coder=google", MODEL_FALLBACK: "x" });
  for (const name of ["openai", "google", "x"]) expect(refusal).toContain(`"${name}"`);
  expect(refusal).toContain("configured: none");
});

test("a variable of the models that is empty is forgotten, and no other", () => {
  const env = { OPENAI_BASE_URL: " ", ANTHROPIC_API_KEY: "sk-x", STAGE: "" };
  deleteEmptyVariables(env);
  expect(env).toEqual({ ANTHROPIC_API_KEY: "sk-x", STAGE: "" });
});

test("a mistyped agent is named", () => {
  const env = { ANTHROPIC_API_KEY: "sk-x", AGENT_MODELS: "anaylst=anthropic" };
  expect(() => loadModels(env)).toThrow('There is no agent "anaylst"');
});

const preferences = { analyst: [], coder: ["anthropic", "openai"], tester: ["offline"] };
const start = (env: Record<string, string>) => () =>
  refuseSilentOffline(loadModels(env), preferences, env);

test.each([
  { name: "a provider is configured", env: { ANTHROPIC_API_KEY: "sk-x" } },
  { name: "`offline` is said for all", env: { AGENT_MODELS: "*=offline" } },
  { name: "`offline` is said for each", env: { AGENT_MODELS: "analyst=offline,coder=offline" } },
  { name: "it is the local stack", env: { LOCAL_STACK: "true" } },
])("the worker starts where $name", ({ env }) => {
  expect(start(env)).not.toThrow();
});

test.each([
  { env: {}, silent: "analyst, coder" },
  { env: { AGENT_MODELS: "coder=offline" }, silent: "analyst" },
  { env: { LOCAL_STACK: "false" }, silent: "analyst, coder" },
])("with $env the worker does not work offline in secret", ({ env, silent }) => {
  expect(start(env)).toThrow(`the work of ${silent}.`);
  expect(start(env)).toThrow("set AGENT_MODELS=*=offline");
});
