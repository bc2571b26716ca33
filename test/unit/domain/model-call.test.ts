import { expect, test } from "vitest";
import type { Budgets } from "../../../lib/domain/budget/budget.ts";
import { ledgerIds, type Spend } from "../../../lib/domain/budget/ledger.ts";
import { settleCall } from "../../../lib/domain/budget/settle-call.ts";
import type { Change } from "../../../lib/domain/change.ts";
import { anId, now, nowPlus } from "../../support/builders.ts";
import {
  checked,
  costIn,
  free,
  planned,
  reserve,
  reservedIn,
  scopes,
  settled,
  start,
  taskLedger,
} from "./calls.ts";

test("a reservation stands in all four ledgers, and the task's knows the call", () => {
  const { change, verdict } = reserve(start());
  expect(verdict).toEqual({ kind: "granted", amount: 1_000 });
  expect(reservedIn(change)).toEqual([1_000, 1_000, 1_000, 1_000]);
  expect(change.ledgers[taskLedger]?.open).toEqual([
    {
      state: "reserved",
      call_id: anId(50),
      attempt: 1,
      agent_type: "coder",
      provider: "openai",
      model: "gpt-5",
      amount: 1_000,
      ledgers: scopes,
      started_at: now,
      settle_by: nowPlus(390),
    },
  ]);
  expect(change.ledgers.project?.open).toEqual([]);
  expect(change.events).toEqual([]);
  expect([...change.changedIds].sort()).toEqual([...scopes].sort());
});

test("settling gives the reservation back and writes down what it cost", () => {
  const after = checked(settleCall(anId(10), anId(50), settled())(reserve(start()).change));
  expect(reservedIn(after)).toEqual([0, 0, 0, 0]);
  expect(after.ledgers[taskLedger]?.open).toEqual([]);
  for (const id of scopes) {
    expect(after.ledgers[id]?.spend).toEqual({
      calls: 1,
      failed_calls: 0,
      input_tokens: 100,
      cached_input_tokens: 40,
      cache_write_input_tokens: 0,
      output_tokens: 20,
      cost: 300,
    });
  }
});

test("each call leaves one event, without what was asked", () => {
  const after = settleCall(anId(10), anId(50), settled())(reserve(start()).change);
  expect(after.events).toEqual([
    {
      event_type: "model_call",
      task_id: anId(10),
      agent_type: "coder",
      data: {
        call_id: anId(50),
        attempt: 1,
        provider: "openai",
        model: "gpt-5",
        outcome: "answered",
        error_code: null,
        estimated: false,
        price: "listed",
        purpose: "answer",
        duration_ms: 1_500,
        input_tokens: 100,
        cached_input_tokens: 40,
        cache_write_input_tokens: 0,
        output_tokens: 20,
        cost_usd: 0.0003,
      },
    },
  ]);
});

test.each([
  { name: "settled already", call_id: anId(50) },
  { name: "never reserved", call_id: anId(51) },
])("a call that was $name changes nothing", ({ call_id }) => {
  const before = settleCall(anId(10), anId(50), settled())(reserve(start()).change);
  expect(settleCall(anId(10), call_id, settled())(before)).toBe(before);
});

test("a reservation that was made already is granted again, and made once", () => {
  const { change } = reserve(start());
  const again = reserve(change, planned({ maxCost: 9_000 }));
  expect(again.verdict).toEqual({ kind: "granted", amount: 1_000 });
  expect(again.change).toBe(change);
});

test("no more is spent than was reserved, whatever is reported", () => {
  const after = settleCall(anId(10), anId(50), settled({ cost: 1_200 }))(reserve(start()).change);
  expect(reservedIn(after)).toEqual([0, 0, 0, 0]);
  expect(costIn(after)).toEqual([1_000, 1_000, 1_000, 1_000]);
  expect(after.events[0]?.data).toMatchObject({ cost_usd: 0.001 });
});

test.each([
  { count: 2 ** 64 - 1, stored: Number.MAX_SAFE_INTEGER },
  { count: Number.POSITIVE_INFINITY, stored: Number.MAX_SAFE_INTEGER },
  { count: Number.NaN, stored: 0 },
  { count: -5, stored: 0 },
  { count: 1.5, stored: 2 },
])("a count of $count is stored as $stored, twice, and can be read again", ({ count, stored }) => {
  const counts = { input_tokens: count, cached_input_tokens: count, output_tokens: count };
  const result = settled({ ...counts, cache_write_input_tokens: count, cost: count });
  let change: Change = start();
  for (const call_id of [anId(50), anId(51)]) {
    change = checked(reserve(change, planned({ call_id })).change);
    change = checked(settleCall(anId(10), call_id, { ...result, duration_ms: count })(change));
  }
  expect(change.events[0]?.data).toMatchObject({
    input_tokens: stored,
    cost_usd: Math.min(stored, 1_000) / 1e6,
    duration_ms: stored,
  });
  expect(change.ledgers.tenant?.spend).toMatchObject({
    input_tokens: Math.min(2 * stored, Number.MAX_SAFE_INTEGER),
    cost: Math.min(2 * stored, 2_000),
  });
});

test("an agent may be called constructor", () => {
  const agent_type = "constructor";
  const { change } = reserve(start(), planned({ agent_type }));
  const after = checked(settleCall(anId(10), anId(50), settled())(change));
  expect(Object.entries(after.ledgers.project?.by_agent ?? {})).toMatchObject([
    [agent_type, { calls: 1, cost: 300 }],
  ]);
});

test("a failed call is counted as one", () => {
  const failed = settled({ outcome: "failed", error_code: "timeout", cost: 0 });
  const after = settleCall(anId(10), anId(50), failed)(reserve(start()).change);
  expect(after.ledgers.tenant?.spend).toMatchObject({ calls: 1, failed_calls: 1, cost: 0 });
});

test.each<{ budgets: Partial<Budgets>; kind: string; scope: string }>([
  { budgets: { task: 0 }, kind: "used_up", scope: "task" },
  { budgets: { project: 9 }, kind: "used_up", scope: "project" },
  { budgets: { tenant: 0 }, kind: "used_up", scope: "tenant" },
  { budgets: { day: 0 }, kind: "used_up", scope: "day" },
])("$budgets refuses: nothing is reserved", ({ budgets, kind, scope }) => {
  const before = start();
  const { change, verdict } = reserve(before, planned(), { budgets: { ...free, ...budgets } });
  expect(verdict).toMatchObject({ kind, limit: { scope } });
  expect(change).toBe(before);
});

test("what others have reserved in the project counts against its limit", () => {
  const budgets = { ...free, project: 1_500 };
  const { change } = reserve(start(), planned(), { budgets });
  const other = planned({ task_id: anId(11), call_id: anId(51) });
  const second = reserve(change, other, { budgets });
  expect(second.verdict).toMatchObject({ kind: "waits", limit: { scope: "project" } });
  expect(second.change).toBe(change);
  const third = reserve(change, { ...other, maxCost: 500 }, { budgets });
  expect(third.verdict).toEqual({ kind: "granted", amount: 500 });
  expect(reservedIn(third.change, [taskLedger, ledgerIds.task(anId(11)), "project"])).toEqual([
    1_000, 500, 1_500,
  ]);
});

test("what a person agreed to goes on beyond 90 %", () => {
  const budgets = { ...free, task: 1_000 };
  const spent = settleCall(anId(10), anId(50), settled({ cost: 900 }))(reserve(start()).change);
  const next = planned({ call_id: anId(51) });
  expect(reserve(spent, next, { budgets }).verdict).toMatchObject({ kind: "nearly" });
  const agreed_limits = [{ scope: "task" as const, owner: anId(10), amount: 1_000 }];
  const agreed = { ...spent, project: { ...spent.project, agreed_limits } };
  expect(reserve(agreed, next, { budgets }).verdict).toEqual({ kind: "granted", amount: 100 });
});

const sum = (spends: Record<string, Spend> = {}) =>
  Object.values(spends).reduce((total, { cost }) => total + cost, 0);

test("the project and the task say who spent it, and on which model", () => {
  const calls = [
    { call_id: anId(50), agent_type: "coder", model: "gpt-5", cost: 300 },
    { call_id: anId(51), agent_type: "orchestrator", model: "gpt-5", cost: 20 },
    { call_id: anId(52), agent_type: "coder", model: "gpt-5-mini", cost: 1 },
  ];
  let change: Change = start();
  for (const { cost, ...call } of calls) {
    change = reserve(change, planned(call)).change;
    change = settleCall(anId(10), call.call_id, settled({ cost }))(change);
  }
  const { project, tenant, [taskLedger]: task } = checked(change).ledgers;
  for (const ledger of [project, task]) {
    expect(ledger?.by_agent).toMatchObject({
      coder: { calls: 2, cost: 301, input_tokens: 200 },
      orchestrator: { calls: 1, cost: 20 },
    });
    expect(ledger?.by_model).toMatchObject({
      "openai/gpt-5": { calls: 2, cost: 320 },
      "openai/gpt-5-mini": { calls: 1, cost: 1 },
    });
    expect(sum(ledger?.by_agent)).toBe(ledger?.spend.cost);
    expect(sum(ledger?.by_model)).toBe(ledger?.spend.cost);
  }
  expect(tenant?.by_agent).toEqual({});
});
