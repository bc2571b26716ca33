import { expect, test } from "vitest";
import { exportCalls, listTaskCalls } from "../../lib/services/projects/calls.ts";
import { callers } from "../support/authenticator.ts";
import { aCall } from "../support/backend.ts";
import { good, hurriedClock, inTurn, startModels } from "../support/models-backend.ts";

const refused = {
  status: 403,
  error: { message: "Your plan does not include this model." },
};

const run = async () => {
  const env = { AGENT_MODELS: "*=openai", MODEL_FALLBACK: "anthropic" };
  const backend = await startModels(inTurn(refused, good), env, { clock: hurriedClock() });
  const { project_id, task, log, models } = await backend.run();
  const task_id = task?.task_id ?? "";
  const list = (page: { after: string | null; limit: number }) =>
    listTaskCalls(backend.deps, aCall(), { project_id, task_id, ...page });
  return { backend, project_id, task_id, log, models, list };
};

test("an operator reads each call of a task, and what the provider said", async () => {
  const { backend, task_id, log, models, list } = await run();
  await using _ = backend;
  const { items, last } = await list({ after: null, limit: 50 });
  expect(items).toMatchObject([
    { task_id, provider: "openai", outcome: "failed", error_code: "forbidden", cost_usd: 0 },
    { task_id, provider: "anthropic", outcome: "answered", said: null, purpose: "answer" },
  ]);
  expect(items[0]?.said).toContain("Your plan does not include this model.");
  expect(last).toBeNull();
  expect(models.map(({ call_id }) => call_id)).toEqual(items.map(({ call_id }) => call_id));
  expect(JSON.stringify(log)).not.toContain("Your plan does not include");
});

test("the calls come in pages", async () => {
  const { backend, list } = await run();
  await using _ = backend;
  const first = await list({ after: null, limit: 1 });
  const second = await list({ after: first.last, limit: 1 });
  expect([first, second].flatMap(({ items }) => items.map(({ provider }) => provider))).toEqual([
    "openai",
    "anthropic",
  ]);
});

test("another tenant finds neither the calls nor the file", async () => {
  const { backend, project_id, task_id } = await run();
  await using _ = backend;
  const [deps, stranger] = [backend.deps, aCall(callers.zoe)];
  const page = { project_id, task_id, after: null, limit: 50 };
  await expect(listTaskCalls(deps, stranger, page)).rejects.toMatchObject({ code: "not-found" });
  await expect(exportCalls(deps, stranger, page)).rejects.toMatchObject({ code: "not-found" });
});

test("the file has a row for each call, and adds up to the usage", async () => {
  const { backend, project_id } = await run();
  await using _ = backend;
  const { file_name, data } = await exportCalls(backend.deps, aCall(), { project_id });
  expect(file_name).toBe(`usage-${project_id}.csv`);
  const [head, ...rows] = data.toString().trimEnd().split("\r\n");
  const names = head?.split(",") ?? [];
  expect(names).toContain("cost_usd");
  expect(names).not.toContain("said");
  const costs = rows.map((row) => Number(row.split(",")[names.indexOf("cost_usd")]));
  const { total } = await backend.usageOf(project_id);
  expect(costs).toHaveLength(total.calls);
  expect(costs.reduce((sum, cost) => sum + cost, 0)).toBeCloseTo(total.cost_usd, 6);
});
