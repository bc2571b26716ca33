import { expect, test } from "vitest";
import { dollars, microDollars } from "../../lib/domain/budget/money.ts";
import { crowd } from "../support/crowd.ts";
import { good, startModels } from "../support/models-backend.ts";

const openai = { AGENT_MODELS: "*=openai", MODEL_FALLBACK: "none" };

/** Dollars: $1 for 50 tasks, of which each costs a few cents. */
const limit = crowd / 50;
const raised = `$${crowd.toFixed(2).replace(".", ",")}`;

test(`${crowd} tasks at once at one limit: none asks because of what the others have reserved, and one answer is for all`, async () => {
  const seen: number[] = [];
  const ids: string[] = [];
  const totalOf = async () => (await backend.usageOf(ids[0] ?? "")).total;
  await using backend = await startModels(
    async (call, index) => {
      const { cost_usd = 0, reserved_usd = 0 } = await totalOf();
      seen.push(microDollars(cost_usd + reserved_usd));
      const usage = { input_tokens: 0, output_tokens: 3_000 };
      return { ...(await good(call, index)), usage };
    },
    { ...openai, BUDGET_PROJECT_USD: String(limit) },
  );
  const { on } = backend;
  const { id } = await on.project();
  ids.push(id);
  await Promise.all(Array.from({ length: crowd }, (_, n) => on.task(id, `Haiku ${n}`)));
  await backend.work();

  const first = await backend.look(id);
  const doneIn = ({ tasks }: typeof first) =>
    tasks.filter(({ status }) => status === "completed").length;
  expect(first.pending).toHaveLength(1);
  expect(first.usage.total).toMatchObject({ reserved_usd: 0 });
  const needed = dollars(first.pending[0]?.about?.needed ?? 0);
  expect(first.usage.total.cost_usd + needed).toBeGreaterThanOrEqual(0.9 * limit);
  expect(first.pending[0]).toMatchObject({ waiting_tasks: crowd - doneIn(first) });
  expect(first.pending[0]?.question).toContain("May the work go on up to the limit?");
  expect(
    first.log.filter(({ event_type }) => event_type === "task_waiting").length,
  ).toBeGreaterThan(crowd / 3);

  const second = await backend.answer(id, { action: "approve" });
  expect(doneIn(second)).toBeGreaterThan(doneIn(first));
  expect(second.pending).toHaveLength(1);
  expect(second.pending[0]?.question).toContain("Nothing more is called");
  expect(second.usage.total.cost_usd).toBeLessThanOrEqual(limit);

  const third = await backend.answer(id, { action: "amend", content: raised });
  expect(third.pending).toEqual([]);
  expect(doneIn(third)).toBe(crowd);
  expect(third.usage.total).toMatchObject({ calls: crowd, reserved_usd: 0 });
  expect(third.tasks.every(({ waiting_for }) => waiting_for === null)).toBe(true);
  expect(third.log.filter(({ event_type }) => event_type === "hitl_request_created")).toHaveLength(
    2,
  );
  expect(Math.max(...seen.slice(0, doneIn(second)))).toBeLessThanOrEqual(microDollars(limit));
});
