import { expect, test } from "vitest";
import type { Reply } from "../providers/wire.ts";
import { good, hurriedClock, inTurn, startModels } from "../support/models-backend.ts";

const raw = (status: number, body: unknown, headers: Record<string, string> = {}): Reply => ({
  status,
  headers,
  raw: JSON.stringify(body),
});
const events = (...all: unknown[]): Reply => ({
  headers: { "content-type": "text/event-stream" },
  raw: all.map((each) => `data: ${JSON.stringify(each)}\n\n`).join(""),
});
const anthropicEvents = (error: unknown): Reply => ({
  headers: { "content-type": "text/event-stream" },
  raw: `event: error\ndata: ${JSON.stringify({ type: "error", error })}\n\n`,
});

type Row = { wire: string; env?: Record<string, string>; reply: Reply; code: string };

const chat = { wire: "openai", env: { OPENAI_API: "chat" } };
const exhausted = { code: "insufficient_quota", message: "You have none left." };

/** What a provider says once for all: it is not asked again. */
const final: readonly Row[] = [
  { ...chat, reply: events(exhausted), code: "quota_exhausted" },
  { ...chat, reply: events({ error: exhausted }), code: "quota_exhausted" },
  { ...chat, reply: raw(402, { error: "Pay first." }), code: "quota_exhausted" },
  { ...chat, reply: raw(429, exhausted), code: "quota_exhausted" },
  { ...chat, reply: raw(404, { detail: "Not Found" }), code: "unknown_model" },
  { ...chat, reply: raw(403, { message: "Not for you." }), code: "forbidden" },
  { wire: "openai", reply: events({ type: "error", ...exhausted }), code: "quota_exhausted" },
  { wire: "openai", reply: raw(429, { error: exhausted }), code: "quota_exhausted" },
  {
    wire: "anthropic",
    reply: raw(400, {
      type: "error",
      error: { type: "invalid_request_error", message: "Your credit balance is too low." },
    }),
    code: "quota_exhausted",
  },
  {
    wire: "google",
    reply: raw(400, [{ error: { code: 400, message: "API key not valid.", status: "X" } }]),
    code: "key_refused",
  },
  {
    wire: "google",
    reply: events({ promptFeedback: { blockReason: "PROHIBITED_CONTENT" } }),
    code: "content_filter",
  },
  {
    wire: "bedrock",
    reply: raw(
      400,
      { message: "Too much." },
      { "x-amzn-errortype": "ServiceQuotaExceededException:http://x/" },
    ),
    code: "quota_exhausted",
  },
];

test.each(final)("$wire says $reply: $code, and the next model is asked", async (row) => {
  const { wire, env, reply, code } = row;
  const fallback = wire === "anthropic" ? "google" : "anthropic";
  await using backend = await startModels(inTurn(reply), {
    ...env,
    AGENT_MODELS: `*=${wire}`,
    MODEL_FALLBACK: fallback,
  });
  const { task, models, usage } = await backend.run();
  expect(models).toMatchObject([
    { provider: wire, outcome: "failed", error_code: code },
    { provider: fallback, outcome: "answered" },
  ]);
  expect(task).toMatchObject({ status: "completed", attempt: 1 });
  if (code !== "content_filter") expect(models[0]?.cost_usd).toBe(0);
  expect(usage.total.reserved_usd).toBe(0);
});

/** What passes: the same model is asked again, and it is free. */
const passing: readonly Row[] = [
  { wire: "openai", reply: raw(408, { error: { message: "Late." } }), code: "provider_timeout" },
  {
    wire: "anthropic",
    reply: anthropicEvents({ type: "overloaded_error", message: "Overloaded" }),
    code: "overloaded",
  },
  {
    wire: "bedrock",
    reply: raw(408, { message: "Late." }, { "x-amzn-errortype": "ModelTimeoutException" }),
    code: "provider_timeout",
  },
  { ...chat, reply: events({ error: "The upstream failed." }), code: "provider_error" },
];

test.each(passing)("$wire says $reply: $code, it is free and asked again", async (row) => {
  const { wire, env = {}, reply, code } = row;
  const settings = { ...env, AGENT_MODELS: `*=${wire}`, MODEL_FALLBACK: "none" };
  const clock = hurriedClock();
  await using backend = await startModels(inTurn(reply), settings, { clock });
  const { models } = await backend.run();
  expect(models).toMatchObject([
    { outcome: "failed", error_code: code, cost_usd: 0 },
    { outcome: "answered" },
  ]);
});

test("what a provider said is in its record, cleaned; the person reads only the kind", async () => {
  const message = "No credit for Write a haiku about bees and honey, sk-abcdef0123456789.";
  const script = inTurn(raw(402, { message }), good);
  await using backend = await startModels(script, {
    AGENT_MODELS: "*=openai",
    MODEL_FALLBACK: "none",
  });
  const { pending, log } = await backend.run("Write a haiku about bees and honey");
  expect(pending[0]?.question).toContain(
    "openai/gpt-6.1-sol: quota_exhausted (the account's credit or quota is used up; HTTP 402)",
  );
  expect(JSON.stringify(log)).not.toContain("No credit");
  expect(await backend.deps.loadBreaker("openai")).toMatchObject({
    last_error: { code: "quota_exhausted", said: "No credit for…, …" },
  });
});
