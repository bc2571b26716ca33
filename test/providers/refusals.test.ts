import { describe, expect, test } from "vitest";
import { startProviders } from "./server.ts";

type Env = Awaited<ReturnType<typeof startProviders>>["env"];

const doors = {
  openai: (env: Env) => ({
    base: env.OPENAI_BASE_URL,
    key: { authorization: `Bearer ${env.OPENAI_API_KEY}` },
  }),
  anthropic: (env: Env) => ({
    base: env.ANTHROPIC_BASE_URL,
    key: { "x-api-key": env.ANTHROPIC_API_KEY, "anthropic-version": "2023-06-01" },
  }),
  google: (env: Env) => ({
    base: env.GOOGLE_GENERATIVE_AI_BASE_URL,
    key: { "x-goog-api-key": env.GOOGLE_GENERATIVE_AI_API_KEY },
  }),
  bedrock: (env: Env) => ({
    base: env.AWS_ENDPOINT_URL_BEDROCK_RUNTIME,
    key: { authorization: `Bearer ${env.AWS_BEARER_TOKEN_BEDROCK}` },
  }),
};
type Vendor = keyof typeof doors;

const call = async (vendor: Vendor, path: string, sent?: object) => {
  await using providers = await startProviders(() => ({ text: "Yes." }));
  const { base, key } = doors[vendor](providers.env);
  const body = sent && { method: "POST", body: JSON.stringify(sent) };
  const response = await fetch(`${base}${path}`, { headers: key, ...body });
  const answer = (await response.json()) as { [field: string]: unknown };
  const type = response.headers.get("x-amzn-errortype");
  return { status: response.status, answer, type, probes: providers.probes };
};

const messageIn = ({ error, message }: { [field: string]: unknown }): unknown =>
  message ?? (error as { message: string }).message;

describe("GET /models", () => {
  test.each(["openai", "anthropic", "google"] as const)("%s lists some", async (vendor) => {
    const { status, answer, probes } = await call(vendor, "/models");
    expect(status).toBe(200);
    expect([answer.data ?? answer.models].flat().length).toBeGreaterThan(0);
    expect(probes).toEqual([{ provider: vendor, path: "/models" }]);
  });

  test("bedrock has none", async () => {
    const { status, type, probes } = await call("bedrock", "/models");
    expect({ status, type, probes }).toEqual({
      status: 404,
      type: "ResourceNotFoundException",
      probes: [],
    });
  });
});

test.each<{ vendor: Vendor; answer: object }>([
  { vendor: "openai", answer: { error: { type: "invalid_request_error" } } },
  { vendor: "anthropic", answer: { type: "error", error: { type: "not_found_error" } } },
  { vendor: "google", answer: { error: { code: 404, status: "NOT_FOUND" } } },
  { vendor: "bedrock", answer: { message: "There is no POST /nowhere." } },
])("$vendor answers a wrong path in its own words", async ({ vendor, answer }) => {
  expect(await call(vendor, "/nowhere", {})).toMatchObject({ status: 404, answer });
});

const user = { role: "user", content: "Is it?" };
const loose = { type: "object", properties: { a: { type: "string" } }, required: ["a"] };
const strict = { ...loose, additionalProperties: false };
const optional = { ...strict, required: [] };
const oneOf = { ...strict, properties: { a: { oneOf: [{ type: "string" }] } } };
const chat = (schema: object) => ({
  model: "gpt-4.1-mini",
  messages: [user],
  response_format: { type: "json_schema", json_schema: { name: "x", schema, strict: true } },
});
const responses = (schema: object) => ({
  model: "gpt-4.1-mini",
  input: [user],
  text: { format: { type: "json_schema", name: "x", schema, strict: true } },
});
const toolUse = {
  role: "assistant",
  content: [{ type: "tool_use", id: "t1", name: "look", input: {} }],
};
const claude = { model: "claude-sonnet-4-5", max_tokens: 100, messages: [user] };
const parts = (role: string, ...given: object[]) => ({ role, parts: given });
const gemini = { contents: [parts("user", { text: "Is it?" })] };
const functionTools = { tools: [{ functionDeclarations: [{ name: "look" }] }] };
const json = (responseJsonSchema: object) => ({
  generationConfig: { responseMimeType: "application/json", responseJsonSchema },
});
const turn = (role: string, ...content: object[]) => ({ role, content });
const converse = (...messages: object[]) => ({ messages });

const chatPath = "/chat/completions";
const geminiPath = "/models/gemini-2.5-flash:generateContent";
const conversePath = "/model/amazon.nova-lite-v1%3A0/converse";

test.each<{ vendor: Vendor; path: string; body: object; says: RegExp }>([
  { vendor: "openai", path: chatPath, body: { messages: [user] }, says: /^model:/ },
  { vendor: "openai", path: chatPath, body: chat(loose), says: /additionalProperties/ },
  { vendor: "openai", path: chatPath, body: chat(optional), says: /every key.*Missing 'a'/ },
  { vendor: "openai", path: chatPath, body: chat(oneOf), says: /'oneOf' is not permitted/ },
  {
    vendor: "openai",
    path: chatPath,
    body: { model: "gpt-5-mini", messages: [user], max_tokens: 9 },
    says: /max_completion_tokens/,
  },
  {
    vendor: "openai",
    path: chatPath,
    body: { model: "m", messages: [user, { role: "tool", tool_call_id: "t1", content: "x" }] },
    says: /preceeding message/,
  },
  { vendor: "openai", path: "/responses", body: { model: "m", input: [] }, says: /^input/ },
  { vendor: "openai", path: "/responses", body: responses(loose), says: /additionalProperties/ },
  {
    vendor: "openai",
    path: "/responses",
    body: { model: "m", input: [{ type: "function_call_output", call_id: "t1", output: "x" }] },
    says: /No tool call found/,
  },
  {
    vendor: "openai",
    path: "/responses",
    body: { model: "m", input: [{ type: "function_call", call_id: "t1", name: "look" }] },
    says: /No tool output found/,
  },
  {
    vendor: "anthropic",
    path: "/messages",
    body: { model: "claude-sonnet-4-5", messages: [user] },
    says: /^max_tokens/,
  },
  {
    vendor: "anthropic",
    path: "/messages",
    body: { ...claude, messages: [user, toolUse, user] },
    says: /without `tool_result`.*t1/,
  },
  {
    vendor: "anthropic",
    path: "/messages",
    body: { ...claude, messages: [{ role: "user", content: [{ type: "text", text: " " }] }] },
    says: /non-empty/,
  },
  {
    vendor: "anthropic",
    path: "/messages",
    body: { ...claude, output_config: { format: { type: "json_schema", schema: loose } } },
    says: /additionalProperties/,
  },
  { vendor: "google", path: geminiPath, body: { contents: [] }, says: /^contents/ },
  { vendor: "google", path: geminiPath, body: { ...gemini, messages: [] }, says: /messages/ },
  {
    vendor: "google",
    path: geminiPath,
    body: { ...gemini, ...functionTools, ...json(strict) },
    says: /Function calling with a response mime type/,
  },
  {
    vendor: "google",
    path: geminiPath,
    body: {
      contents: [...gemini.contents, parts("model", { functionCall: { name: "look", args: {} } })],
    },
    says: /number of function response parts/,
  },
  {
    vendor: "bedrock",
    path: conversePath,
    body: converse(turn("assistant", { text: "Hm." })),
    says: /must start with a user message/,
  },
  {
    vendor: "bedrock",
    path: conversePath,
    body: converse(turn("user", { text: "Is" }), turn("user", { text: "it?" })),
    says: /must alternate/,
  },
  {
    vendor: "bedrock",
    path: conversePath,
    body: converse(turn("user", { toolResult: { toolUseId: "t1", content: [{ text: "x" }] } })),
    says: /toolConfig field must be defined/,
  },
])("$vendor $path refuses with $says", async ({ vendor, path, body, says }) => {
  const { status, answer } = await call(vendor, path, body);
  expect(status).toBe(400);
  expect(messageIn(answer)).toMatch(says);
});

test.each<{ vendor: Vendor; path: string; body: object }>([
  { vendor: "openai", path: chatPath, body: chat(strict) },
  { vendor: "openai", path: "/responses", body: responses(strict) },
  {
    vendor: "anthropic",
    path: "/messages",
    body: { ...claude, output_config: { format: { type: "json_schema", schema: strict } } },
  },
  { vendor: "google", path: geminiPath, body: { ...gemini, ...json(strict) } },
  { vendor: "bedrock", path: conversePath, body: converse(turn("user", { text: "Is it?" })) },
])("$vendor $path takes what is right", async ({ vendor, path, body }) => {
  expect((await call(vendor, path, body)).status).toBe(200);
});

test("a signed request is let in", async () => {
  await using providers = await startProviders(() => ({ text: "Yes." }));
  const authorization = `AWS4-HMAC-SHA256 Credential=fake/20300101/us-east-1/bedrock/aws4_request, SignedHeaders=host, Signature=${"0".repeat(64)}`;
  const response = await fetch(`${providers.env.AWS_ENDPOINT_URL_BEDROCK_RUNTIME}${conversePath}`, {
    method: "POST",
    headers: { authorization },
    body: JSON.stringify(converse(turn("user", { text: "Is it?" }))),
  });
  expect(response.status).toBe(200);
});

test("a script that throws is seen in the answer", async () => {
  await using providers = await startProviders(() => {
    throw new Error("This call was not expected.");
  });
  const { base, key } = doors.openai(providers.env);
  const body = JSON.stringify({ model: "m", messages: [user] });
  const response = await fetch(`${base}${chatPath}`, { method: "POST", headers: key, body });
  expect(response.status).toBe(400);
  expect(await response.text()).toContain("This call was not expected.");
});
