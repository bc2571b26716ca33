import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stack, startStack } from "../../localstack/own-stack.ts";
import { instanceOf } from "../providers/instance-of.ts";
import { startProviders } from "../providers/server.ts";
import type { Script } from "../providers/wire.ts";
import { waitFor } from "./client.ts";

type Json = Record<string, unknown>;
type Event = { seq: number; event_type: string };
type Frame = { type: string; events?: Event[]; text?: string };

/** Answers as asked, in many small pieces; where the prompt says so, never. */
const script: Script = ({ schema, prompt }) => {
  if (prompt.includes("[[hang]]")) return { hang: true };
  const answer = instanceOf(schema ?? {}) as { content: Json };
  const content = "failed" in answer.content ? { ...answer.content, failed: 0 } : answer.content;
  const usage = { input_tokens: 1_000, output_tokens: 500 };
  return { json: { ...answer, confidence: 0.9, content }, usage, chunks: 20, chunk_ms: 5 };
};

const agents = "analyst=anthropic,architect=openai,coder=google,tester=bedrock,deployer=openai";

let providers: Awaited<ReturnType<typeof startProviders>>;
let stack: Stack;

beforeAll(async () => {
  providers = await startProviders(script);
  const { OPENAI_BASE_URL, ...env } = providers.env;
  // What is not set reaches the functions as an empty text, and must not disturb anybody.
  const MODEL_PROVIDERS = JSON.stringify({ openai: { base_url: OPENAI_BASE_URL } });
  const variables = { ...env, OPENAI_BASE_URL: "", MODEL_PROVIDERS, AGENT_MODELS: agents };
  stack = await startStack({ ...variables, DATA_DIR: "" });
}, 60_000);

afterAll(async () => {
  await stack[Symbol.asyncDispose]();
  await providers[Symbol.asyncDispose]();
});

const call = async (method: string, path: string, body?: Json): Promise<Json> => {
  const response = await fetch(`${stack.url}${path}`, {
    method,
    headers: { "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
  return (await response.json()) as Json;
};

const create = async (fields: Json): Promise<string> => {
  const project = await call("POST", "/api/v1/projects", {
    name: "Tea shop",
    oversight_level: "low",
    ...fields,
  });
  return String(project.id);
};

const watch = (id: string): Frame[] => {
  const frames: Frame[] = [];
  const socket = new WebSocket(`${stack.ws}/?project_id=${id}&after=0`);
  socket.addEventListener("message", ({ data }) => frames.push(JSON.parse(String(data)) as Frame));
  return frames;
};

const isCall = ({ event_type }: Event) => event_type === "model_call";

const statusOf = async (id: string) => (await call("GET", `/api/v1/projects/${id}`)).status;

test("a project runs on four providers, and who watches sees the tokens come", async () => {
  const id = await create({});
  const frames = watch(id);
  await waitFor(
    () => statusOf(id),
    (status) => status === "completed",
  );
  const asked = new Set(providers.calls.map(({ provider }) => provider));
  expect(asked).toEqual(new Set(["anthropic", "openai", "google", "bedrock"]));
  const usage = await call("GET", `/api/v1/projects/${id}/usage`);
  expect(usage).toMatchObject({ total: { calls: 9, input_tokens: 9_000, reserved_usd: 0 } });
  const heard = () =>
    new Set(frames.flatMap(({ events = [] }) => events.filter(isCall).map(({ seq }) => seq)));
  await waitFor(heard, ({ size }) => size === 9);
  const tokens = frames.flatMap(({ type, text = "" }) => (type === "tokens" ? [text] : []));
  expect(tokens.join("")).toContain('"content"');
});

test("a cancelled task hangs up on its model", async () => {
  const id = await create({ workflow: "none" });
  const task = await call("POST", `/api/v1/projects/${id}/tasks`, {
    agent_type: "analyst",
    instructions: "Think [[hang]]",
  });
  const hanging = () => providers.calls.find(({ prompt }) => prompt.includes("[[hang]]"));
  await waitFor(hanging, (found) => found !== undefined);
  await call("POST", `/api/v1/projects/${id}/tasks/${task.task_id}/cancel`, {});
  expect(await hanging()?.aborted).toBe(true);
});

test("the health of the providers is told, and what each agent asks", async () => {
  const { components } = await call("GET", "/health/detailed");
  expect((components as Json).llm_providers).toMatchObject({
    status: "healthy",
    providers: ["anthropic", "openai", "google", "bedrock"].map((name) => ({
      name,
      reachable: true,
    })),
    agents: { analyst: "anthropic/claude-sonnet-5-5", tester: expect.stringMatching(/^bedrock\//) },
  });
});
