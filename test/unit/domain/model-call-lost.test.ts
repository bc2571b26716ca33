import { expect, test } from "vitest";
import { isOverdue, ledgerDue } from "../../../lib/domain/budget/ledger.ts";
import type { ReservedCall } from "../../../lib/domain/budget/model-call.ts";
import { settleCall, settleLostCalls } from "../../../lib/domain/budget/settle-call.ts";
import { anId, now, nowPlus } from "../../support/builders.ts";
import { costIn, free, planned, reserve, reservedIn, settled, start, taskLedger } from "./calls.ts";

const second = planned({ call_id: anId(51), attempt: 2, maxCost: 70 });
const bothOpen = () => reserve(reserve(start()).change, second, { at: nowPlus(100) }).change;

test.each([
  { name: "on the same day", at: nowPlus(30) },
  { name: "when its day is over", at: nowPlus(86_400) },
])("a lost call counts as spent, in the day of its reservation: $name", ({ at }) => {
  const change = settleLostCalls(anId(10), at)(reserve(start()).change);
  expect(costIn(change)).toEqual([1_000, 1_000, 1_000, 1_000]);
  expect(reservedIn(change)).toEqual([0, 0, 0, 0]);
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

test.each([
  { at: 389, lost: [] },
  { at: 390, lost: [anId(50)] },
  { at: 490, lost: [anId(50), anId(51)] },
])("after $at s the overdue calls are $lost", ({ at, lost }) => {
  const isLost = (call: ReservedCall) => isOverdue(call, nowPlus(at));
  const { events } = settleLostCalls(anId(10), nowPlus(at), isLost)(bothOpen());
  expect(events.map(({ data }) => "call_id" in data && data.call_id)).toEqual(lost);
});

test("a ledger is looked at when its first open call is overdue; then never again", () => {
  const dueOf = (change: ReturnType<typeof start>, id = taskLedger) => {
    const ledger = change.ledgers[id];
    return ledger && ledgerDue(ledger);
  };
  const open = bothOpen();
  expect([dueOf(open), dueOf(open, "project"), dueOf(open, "tenant")]).toEqual([
    nowPlus(390),
    null,
    null,
  ]);
  const one = settleCall(anId(10), anId(50), settled())(open);
  expect(dueOf(one)).toBe(nowPlus(490));
  expect(dueOf(settleCall(anId(10), anId(51), settled())(one))).toBeNull();
});

test("what a call of an earlier attempt may still cost counts in the budget", () => {
  const lost = reserve(start()).change;
  const { verdict } = reserve(lost, second, { budgets: { ...free, task: 1_000 } });
  expect(verdict).toMatchObject({ kind: "waits" });
});

test("the worker that was taken for dead settles nothing any more", () => {
  const taken = settleLostCalls(anId(10), now)(reserve(start()).change);
  expect(settleCall(anId(10), anId(50), settled())(taken)).toBe(taken);
});
