import { expect, test } from "vitest";
import type { Budgets } from "../../../lib/domain/budget/budget.ts";
import { ledgerIds } from "../../../lib/domain/budget/ledger.ts";
import type { CallPlan, CallResult } from "../../../lib/domain/budget/model-call.ts";
import { apply, type Edit, put, setProject } from "../../../lib/domain/change.ts";
import { LeaseLost } from "../../../lib/services/worker/hold-lease.ts";
import { openSpend } from "../../../lib/services/worker/spend.ts";
import { anId, aWorkingTask, now, nowPlus } from "../../support/builders.ts";
import { cancelled, holding } from "./leased-task.ts";

const free: Budgets = { task: null, project: null, tenant: null, day: null };
const scopes = [ledgerIds.task(anId(10)), "project", "tenant", ledgerIds.day(now)];

const wanted: CallPlan = {
  agent_type: "coder",
  provider: "openai",
  model: "gpt-5",
  minCost: 10,
  maxCost: 1_000,
};

const used: CallResult = {
  outcome: "answered",
  error_code: null,
  estimated: false,
  price: "listed",
  purpose: "answer",
  duration_ms: 1_500,
  input_tokens: 100,
  cached_input_tokens: 0,
  cache_write_input_tokens: 0,
  output_tokens: 20,
  cost: 300,
};

const spending = (budgets: Budgets = free, given: Parameters<typeof holding>[0] = {}) => {
  const leased = holding(given);
  const { deps, lease, stored } = leased;
  const spend = openSpend({ ...deps, budgets }, lease);
  const ledgers = (ids = scopes) =>
    ids.map((id) => {
      const {
        reserved,
        spend: { cost },
      } = stored.state().ledgers[id] ?? { reserved: 0, spend: { cost: 0 } };
      return [reserved, cost];
    });
  return {
    ...leased,
    spend,
    ledgers,
    watches: () => leased.beats.filter(({ ms }) => ms === 2_000),
  };
};

const all = (reserved: number, cost: number) => scopes.map(() => [reserved, cost]);

test("money is reserved before a call and settled after it, each in a commit", async () => {
  const { spend, ledgers, stored, lease } = spending();
  const { call_id, verdict } = await spend.reserve(wanted);
  expect(verdict).toEqual({ kind: "granted", amount: 1_000 });
  expect(ledgers()).toEqual(all(1_000, 0));
  await spend.settle(call_id, used);
  expect(ledgers()).toEqual(all(0, 300));
  expect(stored.commits()).toBe(2);
  expect(stored.log).toMatchObject([
    { event_type: "model_call", actor: { type: "agent", id: "coder" }, data: { call_id } },
  ]);
  expect(lease.leased().task.status).toBe("working");
});

test("of two calls at the same time, the second waits for what the first may leave", async () => {
  const { spend, ledgers } = spending({ ...free, task: 1_200 });
  const given = await Promise.all([spend.reserve(wanted), spend.reserve(wanted)]);
  expect(given.map(({ verdict }) => verdict)).toMatchObject([
    { kind: "granted", amount: 1_000 },
    { kind: "waits", limit: { scope: "task", amount: 1_200 } },
  ]);
  for (const { call_id } of given) await spend.settle(call_id, used);
  expect((await spend.reserve(wanted)).verdict).toEqual({ kind: "granted", amount: 900 });
  expect(ledgers()).toEqual(all(900, 300));
});

test("a refusal reserves nothing, is no commit, and nobody watches", async () => {
  const { spend, stored, watches } = spending({ ...free, day: 0 });
  const { verdict } = await spend.reserve(wanted);
  expect(verdict).toMatchObject({ kind: "used_up", limit: { scope: "day", amount: 0 } });
  expect(stored.commits()).toBe(0);
  expect(watches()).toEqual([]);
});

test("a call is settled once", async () => {
  const { spend, ledgers, stored } = spending();
  const { call_id } = await spend.reserve(wanted);
  await spend.settle(call_id, used);
  await spend.settle(call_id, used);
  expect(ledgers()).toEqual(all(0, 300));
  expect(stored.commits()).toBe(2);
});

test("while a call runs, a task that was cancelled is noticed, and its cost is still written", async () => {
  const { spend, ledgers, stored, lease, watches, beatAt } = spending();
  const { call_id } = await spend.reserve(wanted);
  expect(watches()).toMatchObject([{ stopped: false }]);
  await beatAt(2);
  expect(lease.signal.aborted).toBe(false);
  stored.meanwhile(cancelled);
  await beatAt(4);
  expect(lease.signal.reason).toBeInstanceOf(LeaseLost);
  await spend.settle(call_id, { ...used, outcome: "cancelled" });
  spend.stopChecking();
  expect(watches()).toMatchObject([{ stopped: true }]);
  expect(ledgers()).toEqual(all(0, 300));
  expect(stored.state().tasks[anId(10)]?.status).toBe("cancelled");
});

test.each<{ name: string; edit: Edit }>([
  { name: "the task is cancelled", edit: cancelled },
  { name: "the project is closed", edit: setProject({ status: "cancelled" }) },
  {
    name: "another attempt has begun",
    edit: (change) => apply(change, put("tasks", aWorkingTask({ attempt: 2, rev: 2 }))),
  },
])("when $name nothing more is reserved, and what runs is settled", async ({ edit }) => {
  const { spend, ledgers, stored, lease } = spending();
  const { call_id } = await spend.reserve(wanted);
  stored.meanwhile(edit);
  await expect(spend.reserve(wanted)).rejects.toThrow(LeaseLost);
  await expect(spend.reserve(wanted)).rejects.toThrow(LeaseLost);
  expect(lease.signal.aborted).toBe(true);
  expect(ledgers()).toEqual(all(1_000, 0));
  await spend.settle(call_id, used);
  expect(ledgers()).toEqual(all(0, 300));
  expect(lease.leased().task).toMatchObject({ status: "working", attempt: 1 });
});

test("a settling that fails is told", async () => {
  const { deps, lease } = spending();
  let isDown = false;
  const commit: typeof deps.commit = async (request) => {
    if (isDown) throw new Error("The table does not answer.");
    return deps.commit(request);
  };
  const spend = openSpend({ ...deps, commit, budgets: free }, lease);
  const { call_id } = await spend.reserve(wanted);
  isDown = true;
  await expect(spend.settle(call_id, used)).rejects.toThrow("does not answer");
  await expect(spend.reserve(wanted)).rejects.toThrow("does not answer");
});

test("between two calls it is looked at, too, and once only", async () => {
  const { spend, lease, stored, watches, beatAt } = spending();
  const { call_id } = await spend.reserve(wanted);
  await spend.settle(call_id, used);
  await spend.reserve(wanted);
  expect(watches()).toHaveLength(1);
  stored.meanwhile(cancelled);
  await beatAt(2);
  expect(lease.signal.reason).toBeInstanceOf(LeaseLost);
});

test("a call that ends the next day is settled in the day that reserved it", async () => {
  const { spend, ledgers, beatAt, stored } = spending();
  const { call_id } = await spend.reserve(wanted);
  await beatAt(86_400);
  await spend.settle(call_id, used);
  expect(ledgers()).toEqual(all(0, 300));
  expect(stored.state().ledgers[ledgerIds.day(nowPlus(86_400))]).toBeUndefined();
});
