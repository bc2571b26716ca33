import { expect, test } from "vitest";
import type { Reply } from "../providers/wire.ts";
import { good, inTurn, startModels, withAgent } from "../support/models-backend.ts";

/** Wants a tool, and has cost so many dollars: of the model that is asked, 10 are a million tokens. */
const costing = (dollars: number): Reply => ({
  tool_calls: [{ name: "list_files", input: {} }],
  usage: { input_tokens: 100, output_tokens: dollars * 100_000 - 20 },
});

const scopes = [
  { at: 90, scope: "TASK", whose: "this task", mayRaise: true },
  { at: 100, scope: "PROJECT", whose: "this project", mayRaise: true },
  { at: 100, scope: "TENANT", whose: "the whole account", mayRaise: false },
  { at: 90, scope: "DAY", whose: "the account for today", mayRaise: false },
] as const;

/** An agent whose one answer may cost a dollar. */
const agents = withAgent("coder", { max_output_tokens: 100_000 });

const openai = { AGENT_MODELS: "*=openai", MODEL_FALLBACK: "none" };

test.each(scopes.filter(({ at }) => at === 90))(
  "90 % of a budget ($scope): asked once, nothing is called until the answer; then up to the limit",
  async ({ scope, whose }) => {
    const script = inTurn(costing(0.9), costing(0.01));
    const env = { ...openai, [`BUDGET_${scope}_USD`]: "1" };
    await using backend = await startModels(script, env, { agents });
    const { calls } = backend.providers;
    const { pending, task, project_id } = await backend.run();
    expect(pending).toMatchObject([{ kind: "budget", options: [], task_id: task?.task_id }]);
    expect(pending[0]?.question).toContain(`Of the $1.00 for ${whose}, $0.9000 are spent.`);
    expect(pending[0]?.question).toContain("May the work go on up to the limit?");
    await backend.sweep();
    await backend.work();
    expect(calls).toHaveLength(1);
    const after = await backend.answer(project_id, { action: "approve" });
    expect(after.task).toMatchObject({ status: "completed" });
    expect(calls.map(({ messages }) => messages.length)).toEqual([1, 3, 5]);
    expect(calls[1]?.max_output_tokens).toBeLessThan(10_000);
    expect(after.usage.total).toMatchObject({ calls: 3, cost_usd: 0.917, reserved_usd: 0 });
    await backend.on.task(project_id, "Write another haiku.");
    await backend.work();
    const next = await backend.look(project_id);
    expect(next.task).toMatchObject({ status: "completed" });
    expect(next.log.filter(({ event_type }) => event_type === "hitl_request_created")).toHaveLength(
      1,
    );
  },
);

test.each(scopes.filter(({ at }) => at === 100))(
  "100 % of a budget ($scope): nothing more is called, whatever is approved",
  async ({ scope, whose, mayRaise }) => {
    const script = inTurn(costing(0.95));
    const env = { ...openai, [`BUDGET_${scope}_USD`]: "1" };
    await using backend = await startModels(script, env, { agents });
    const { calls } = backend.providers;
    const { pending, project_id } = await backend.run();
    expect(pending).toMatchObject([{ kind: "budget" }]);
    expect(pending[0]?.question).toContain(`Of the $1.00 for ${whose}, $0.9500 are spent.`);
    expect(pending[0]?.question).toContain("Nothing more is called");
    const again = await backend.answer(project_id, { action: "approve" });
    expect(again.pending).toMatchObject([{ kind: "budget", question: pending[0]?.question }]);
    expect(calls).toHaveLength(1);
    const raised = backend.answer(project_id, { action: "amend", content: "5" });
    if (!mayRaise) {
      await expect(raised).rejects.toMatchObject({ code: "invalid-request" });
      expect(calls).toHaveLength(1);
      return;
    }
    expect((await raised).task).toMatchObject({ status: "completed" });
    expect(calls.map(({ messages }) => messages.length)).toEqual([1, 3]);
  },
);

test("a budget of nothing: no call at all, and an amount that is none changes nothing", async () => {
  await using backend = await startModels(good, { ...openai, BUDGET_TASK_USD: "0" });
  const { task, pending, models, usage, project_id } = await backend.run();
  expect(task).toMatchObject({ status: "waiting_for_hitl" });
  expect(pending).toMatchObject([{ kind: "budget" }]);
  expect([models, backend.providers.calls]).toEqual([[], []]);
  expect(usage.total).toMatchObject({ calls: 0, cost_usd: 0, reserved_usd: 0 });
  for (const content of ["ten", "-1", "", "0", { money: 5 }]) {
    const answer = backend.answer(project_id, { action: "amend", content });
    await expect(answer).rejects.toMatchObject({ code: "invalid-request" });
  }
  expect(await backend.on.pending(project_id)).toEqual(pending);
});

test("ten tasks of two projects at once: never more than the limit they share", async () => {
  const seen: number[] = [];
  const ids: string[] = [];
  const budgetsOf = async () => {
    const { budgets } = await backend.usageOf(ids[0] ?? "");
    return budgets.find((each) => each.scope === "day");
  };
  await using backend = await startModels(
    async (call, index) => {
      const { spent_usd = 0, reserved_usd = 0 } = (await budgetsOf()) ?? {};
      seen.push(spent_usd + reserved_usd);
      const usage = { input_tokens: 1_000, output_tokens: call.max_output_tokens ?? 0 };
      return { ...(await good(call, index)), usage };
    },
    { ...openai, BUDGET_DAY_USD: "0.4" },
  );
  const { on } = backend;
  ids.push((await on.project()).id, (await on.project()).id);
  await Promise.all(
    Array.from({ length: 10 }, (_, index) => on.task(ids[index % 2] ?? "", `Haiku ${index}`)),
  );
  await backend.work();
  const found = await Promise.all(ids.map(backend.look));
  const tasks = found.flatMap((project) => project.tasks);
  const done = tasks.filter(({ status }) => status === "completed");
  expect(Math.max(...seen)).toBeLessThanOrEqual(0.4);
  expect(await budgetsOf()).toMatchObject({ limit_usd: 0.4, reserved_usd: 0 });
  expect((await budgetsOf())?.spent_usd).toBeLessThanOrEqual(0.4);
  expect(done.length).toBe(backend.providers.calls.length);
  expect(done.length).toBeGreaterThanOrEqual(2);
  for (const { pending, tasks: own } of found) {
    const waiting_tasks = own.filter(({ status }) => status === "waiting_for_hitl").length;
    expect(pending).toMatchObject(waiting_tasks > 0 ? [{ kind: "budget", waiting_tasks }] : []);
    expect(own.every(({ status }) => ["completed", "waiting_for_hitl"].includes(status))).toBe(
      true,
    );
  }
});
