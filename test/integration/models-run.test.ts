import { expect, test } from "vitest";
import { good, startModels } from "../support/models-backend.ts";

const failures = ["task_retry_scheduled", "task_failed", "error", "hitl_request_created"];

const counts = [
  "calls",
  "failed_calls",
  "input_tokens",
  "cached_input_tokens",
  "cache_write_input_tokens",
  "output_tokens",
] as const;

type Row = Record<(typeof counts)[number], number> & { cost_usd: number };

/** Rows added up; money in whole micro-dollars. */
const sumOf = (rows: readonly Row[]) => ({
  ...Object.fromEntries(
    counts.map((name) => [name, rows.reduce((sum, row) => sum + row[name], 0)]),
  ),
  micros: Math.round(rows.reduce((sum, { cost_usd }) => sum + cost_usd, 0) * 1_000_000),
});

test.each([
  { AGENT_MODELS: "*=openai", OPENAI_API: "chat" },
  { AGENT_MODELS: "coder=bedrock,tester=google/gemini-2.5-flash,analyst=anthropic,*=openai" },
])("a whole project runs on %o, and its usage adds up", async (env) => {
  await using backend = await startModels(good, env);
  const { on } = backend;
  const { id } = await on.project({ workflow: "sdlc", oversight_level: "low" });
  await backend.work();
  const { log, models, usage } = await backend.look(id);
  const wrong = log.filter(({ event_type }) => failures.includes(event_type));
  expect(wrong.map(({ data }) => data)).toEqual([]);
  expect(await on.projectOf(id)).toMatchObject({ status: "completed" });
  expect(backend.providers.refusals).toEqual([]);
  expect(usage.total).toMatchObject({ calls: 9, input_tokens: 9_000, reserved_usd: 0 });
  const total = sumOf([usage.total]);
  const told = models.map(({ cache_write_input_tokens = 0, ...call }) => ({
    ...call,
    cache_write_input_tokens,
    calls: 1,
    failed_calls: 0,
  }));
  for (const rows of [usage.by_agent, usage.by_model, usage.tasks, told]) {
    expect(sumOf(rows)).toEqual(total);
  }
  expect(usage.by_agent.map(({ agent_type, calls }) => [agent_type, calls])).toEqual([
    ["analyst", 2],
    ["architect", 2],
    ["coder", 2],
    ["deployer", 2],
    ["tester", 1],
  ]);
  expect(usage.by_model).toHaveLength(new Set(models.map(({ model }) => model)).size);
});
