import { expect, test } from "vitest";
import type { Budgets } from "../../../lib/domain/budget/budget.ts";
import {
  emptyLedger,
  type LedgerRecord,
  ledgerIds,
  noSpend,
} from "../../../lib/domain/budget/ledger.ts";
import { projectUsage } from "../../../lib/services/projects/usage.ts";
import { anId, aProject, now } from "../../support/builders.ts";

const spend = (cost: number, calls = 1) => ({ ...noSpend, calls, cost });

const aLedger = (ledger_id: string, fields: Partial<LedgerRecord> = {}): LedgerRecord => ({
  ...emptyLedger(ledger_id),
  ...fields,
});

const ledgers: Record<string, LedgerRecord> = {
  project: aLedger("project", {
    spend: spend(3_500_000, 3),
    reserved: 250_000,
    by_agent: { tester: spend(500_000), coder: spend(3_000_000, 2) },
    by_model: { "openai/gpt-5": spend(3_500_000, 3) },
  }),
  tenant: aLedger("tenant", { spend: spend(9_000_000, 9) }),
};
const ofTask = aLedger(ledgerIds.task(anId(10)), {
  spend: spend(3_500_000, 3),
  reserved: 250_000,
  by_agent: { tester: spend(500_000), coder: spend(3_000_000, 2) },
});

const usageOf = async (budgets: Budgets, raised_limits: Record<string, number> = {}) => {
  const { usage, last } = await projectUsage(
    {
      loadProject: async () => aProject({ raised_limits }),
      loadLedgers: async (_key, ids) => ({
        ledgers: Object.fromEntries(ids.map((id) => [id, ledgers[id] ?? emptyLedger(id)])),
        unreadable: [],
      }),
      listTaskLedgers: async () => ({ items: [ofTask], last: anId(10) }),
      budgets,
      now: () => new Date(now),
    },
    { tenant: "local", user_id: "ann", roles: ["viewer"], correlation_id: "call-1" },
    { project_id: anId(1), after: null, limit: 50 },
  );
  expect(last).toBe(anId(10));
  return usage;
};

const none: Budgets = { task: null, project: null, tenant: null, day: null };

test("what was used is told in all, by agent, by model and by task", async () => {
  const usage = await usageOf(none);
  expect(usage).toMatchObject({
    project_id: anId(1),
    total: { calls: 3, cost_usd: 3.5, reserved_usd: 0.25 },
    by_agent: [
      { agent_type: "coder", calls: 2, cost_usd: 3 },
      { agent_type: "tester", calls: 1, cost_usd: 0.5 },
    ],
    by_model: [{ model: "openai/gpt-5", calls: 3, cost_usd: 3.5 }],
    tasks: [
      {
        task_id: anId(10),
        agents: ["coder", "tester"],
        calls: 3,
        cost_usd: 3.5,
        reserved_usd: 0.25,
      },
    ],
  });
  expect(usage.total).not.toHaveProperty("cost");
});

test.each([
  { budgets: none, raised: {}, limit_usd: null, used_percentage: null },
  { budgets: { ...none, project: 25_000_000 }, raised: {}, limit_usd: 25, used_percentage: 15 },
  {
    budgets: { ...none, project: 25_000_000 },
    raised: { "project:all": 30_000_000 },
    limit_usd: 30,
    used_percentage: 12.5,
  },
  { budgets: { ...none, project: 0 }, raised: {}, limit_usd: 0, used_percentage: null },
])("of the project's budget of $limit_usd, $used_percentage % are used", async (row) => {
  const { budgets } = await usageOf(row.budgets, row.raised);
  const { limit_usd, used_percentage } = row;
  expect(budgets.map(({ scope }) => scope)).toEqual(["project", "tenant", "day"]);
  expect(budgets[0]).toEqual({
    scope: "project",
    limit_usd,
    spent_usd: 3.5,
    reserved_usd: 0.25,
    used_percentage,
  });
  expect(budgets[1]).toMatchObject({ limit_usd: null, spent_usd: 9 });
  expect(budgets[2]).toMatchObject({ spent_usd: 0, reserved_usd: 0 });
});
