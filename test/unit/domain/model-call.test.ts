import { expect, test } from "vitest";
import type { Budgets } from "../../../lib/domain/budget.ts";
import type { Change } from "../../../lib/domain/change.ts";
import {
  lostCalls,
  type PlannedCall,
  reserveCall,
  type Settled,
  settleCall,
} from "../../../lib/domain/decisions/model-call.ts";
import { LedgerRecord, ledgerIds, type Spend } from "../../../lib/domain/ledger.ts";
import { aChange, anId, aWorkingTask, expectSound, now, nowPlus } from "../../builders.ts";

const free: Budgets = { task: null, project: null, tenant: null, day: null };
const taskLedger = ledgerIds.task(anId(10));
const today = ledgerIds.day(now);
const scopes = [taskLedger, "project", "tenant", today];

const planned = (fields: Partial<PlannedCall> = {}): PlannedCall => ({
  call_id: anId(50),
  task_id: anId(10),
  attempt: 1,
  agent_type: "coder",
  provider: "openai",
  model: "gpt-5",
  least: 10,
  most: 1_000,
  ...fields,
});

const settled = (fields: Partial<Settled> = {}): Settled => ({
  outcome: "answered",
  error_code: null,
  estimated: false,
  price: "listed",
  purpose: "answer",
  duration_ms: 1_500,
  input_tokens: 100,
  cached_input_tokens: 40,
  output_tokens: 20,
  cost: 300,
  failed: false,
  ...fields,
});

const start = () => aChange({ tasks: [aWorkingTask()] });

const checked = (change: Change): Change => {
  for (const row of Object.values(change.ledgers)) expect(LedgerRecord.parse(row)).toEqual(row);
  return expectSound(change);
};

const reserve = (
  change: Change,
  call: PlannedCall = planned(),
  { budgets = free, at = now }: { budgets?: Budgets; at?: string } = {},
) => {
  const { change: next, verdict } = reserveCall(change, call, budgets, { now: at });
  return { change: checked(next), verdict };
};

const reservedIn = ({ ledgers }: Change, names: readonly string[] = scopes) =>
  names.map((id) => ledgers[id]?.reserved);
const costIn = ({ ledgers }: Change, names: readonly string[] = scopes) =>
  names.map((id) => ledgers[id]?.spend.cost);

test("a reservation stands in all four ledgers, and the task's knows the call", () => {
  const { change, verdict } = reserve(start());
  expect(verdict).toEqual({ kind: "granted", amount: 1_000 });
  expect(reservedIn(change)).toEqual([1_000, 1_000, 1_000, 1_000]);
  expect(change.ledgers[taskLedger]?.open).toEqual([
    {
      call_id: anId(50),
      attempt: 1,
      agent_type: "coder",
      provider: "openai",
      model: "gpt-5",
      amount: 1_000,
      ledgers: scopes,
      started_at: now,
    },
  ]);
  expect(change.ledgers.project?.open).toEqual([]);
  expect(change.events).toEqual([]);
  expect([...change.touched].sort()).toEqual([...scopes].sort());
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
  const again = reserve(change, planned({ most: 9_000 }));
  expect(again.verdict).toEqual({ kind: "granted", amount: 1_000 });
  expect(again.change).toBe(change);
});

test("what a call cost more than was reserved counts too", () => {
  const after = settleCall(anId(10), anId(50), settled({ cost: 1_200 }))(reserve(start()).change);
  expect(reservedIn(after)).toEqual([0, 0, 0, 0]);
  expect(costIn(after)).toEqual([1_200, 1_200, 1_200, 1_200]);
});

test("a failed call is counted as one", () => {
  const failed = settled({ outcome: "failed", error_code: "timeout", failed: true, cost: 0 });
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
  expect(second.verdict).toEqual({ kind: "granted", amount: 500 });
  expect(reservedIn(second.change, [taskLedger, ledgerIds.task(anId(11)), "project"])).toEqual([
    1_000, 500, 1_500,
  ]);
});

test("what a person agreed to goes on beyond 90 %", () => {
  const budgets = { ...free, task: 1_000 };
  const spent = settleCall(anId(10), anId(50), settled({ cost: 900 }))(reserve(start()).change);
  const next = planned({ call_id: anId(51) });
  expect(reserve(spent, next, { budgets }).verdict).toMatchObject({ kind: "nearly" });
  const agreed_limits = [`task:${anId(10)}:1000`];
  const agreed = { ...spent, project: { ...spent.project, agreed_limits } };
  expect(reserve(agreed, next, { budgets }).verdict).toEqual({ kind: "granted", amount: 100 });
});

const tomorrow = nowPlus(86_400);

test.each([
  { name: "on the same day", at: nowPlus(30), day: today },
  { name: "when its day is over", at: tomorrow, day: ledgerIds.day(tomorrow) },
])("a lost call of an earlier attempt counts as spent: $name", ({ at, day }) => {
  const lost = reserve(start()).change;
  expect(lostCalls(lost, anId(10), 1)).toEqual([]);
  expect(lostCalls(lost, anId(10), 2)).toHaveLength(1);
  const call = planned({ call_id: anId(51), attempt: 2, most: 70 });
  const { change, verdict } = reserve(lost, call, { at });
  expect(verdict).toEqual({ kind: "granted", amount: 70 });
  expect(costIn(change)).toEqual([1_000, 1_000, 1_000, 1_000]);
  expect(reservedIn(change, [taskLedger, "project", "tenant", day])).toEqual([70, 70, 70, 70]);
  if (day !== today) expect(reservedIn(change, [today])).toEqual([0]);
  expect(change.events).toMatchObject([
    {
      event_type: "model_call",
      data: {
        call_id: anId(50),
        attempt: 1,
        outcome: "lost",
        error_code: "worker_lost",
        estimated: true,
        cost_usd: 0.001,
        duration_ms: Date.parse(at) - Date.parse(now),
      },
    },
  ]);
  expect(change.ledgers.project?.by_agent.coder).toMatchObject({ calls: 1, failed_calls: 1 });
});

test("a refused reservation still settles the lost calls", () => {
  const lost = reserve(start()).change;
  const call = planned({ call_id: anId(51), attempt: 2 });
  const { change, verdict } = reserve(lost, call, { budgets: { ...free, task: 1_000 } });
  expect(verdict).toMatchObject({ kind: "used_up" });
  expect(reservedIn(change)).toEqual([0, 0, 0, 0]);
  expect(costIn(change)).toEqual([1_000, 1_000, 1_000, 1_000]);
  expect(change.ledgers[taskLedger]?.open).toEqual([]);
});

test("the worker that was taken for dead settles nothing any more", () => {
  const taken = reserve(reserve(start()).change, planned({ call_id: anId(51), attempt: 2 })).change;
  expect(settleCall(anId(10), anId(50), settled())(taken)).toBe(taken);
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
