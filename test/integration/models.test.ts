import { expect, test } from "vitest";
import { projectUsage } from "../../lib/services/usage.ts";
import { aCall, startBackend } from "../backend.ts";
import { drive } from "../drive.ts";
import { instanceOf } from "../providers/instance-of.ts";
import { startProviders } from "../providers/server.ts";
import type { Script } from "../providers/wire.ts";

/** The backend with providers of one's own behind the agents. */
const startModels = async (script: Script, env: Record<string, string> = {}) => {
  const providers = await startProviders(script);
  const backend = await startBackend({ env: { ...providers.env, ...env } });
  return {
    ...backend,
    providers,
    on: drive(backend),
    [Symbol.asyncDispose]: async () => {
      await backend[Symbol.asyncDispose]();
      await providers[Symbol.asyncDispose]();
    },
  };
};

type Answer = { content: Record<string, unknown>; confidence: number };

/** A plausible answer to whatever is asked; its tests pass. */
const good: Script = (call) => {
  const answer = instanceOf(call.schema ?? {}) as Answer;
  const passed = "failed" in answer.content ? { failed: 0 } : {};
  return {
    json: { ...answer, confidence: 0.9, content: { ...answer.content, ...passed } },
    usage: { input_tokens: 1_000, output_tokens: 500 },
  };
};

test.each([
  { name: "anthropic", env: {} },
  { name: "openai", env: {} },
  { name: "openai", env: { OPENAI_API: "chat" } },
  { name: "google", env: {} },
  { name: "bedrock", env: {} },
])("a whole project runs on $name $env", async ({ name, env }) => {
  await using backend = await startModels(good, { ...env, AGENT_MODELS: `*=${name}` });
  const { on } = backend;
  const { id } = await on.project({ workflow: "sdlc", oversight_level: "low" });
  await backend.work();
  const log = await on.log(id);
  const wrong = log.filter((e) =>
    ["task_retry_scheduled", "task_failed", "error", "hitl_request_created"].includes(e.event_type),
  );
  expect(wrong.map((e) => e.data)).toEqual([]);
  expect(await on.projectOf(id)).toMatchObject({ status: "completed" });
  expect(log.filter(({ event_type }) => event_type === "model_call")).toHaveLength(9);
  const page = { project_id: id, after: null, limit: 50 };
  const { usage } = await projectUsage(backend.parts, aCall(), page);
  expect(usage.total).toMatchObject({ calls: 9, input_tokens: 9_000, reserved_usd: 0 });
});
