import { expect, test } from "vitest";
import { settleCall, settleLostCalls } from "../../../lib/domain/decisions/model-call.ts";
import { ledgerIds } from "../../../lib/domain/ledger.ts";
import { anId, now, nowPlus } from "../../builders.ts";
import {
  costIn,
  free,
  planned,
  reserve,
  reservedIn,
  settled,
  start,
  taskLedger,
  today,
} from "./calls.ts";

const tomorrow = nowPlus(86_400);

test.each([
  { name: "on the same day", at: nowPlus(30), day: today },
  { name: "when its day is over", at: tomorrow, day: ledgerIds.day(tomorrow) },
])("a lost call of an earlier attempt counts as spent: $name", ({ at, day }) => {
  const lost = reserve(start()).change;
  expect(settleLostCalls(anId(10), at)(lost)).toBe(lost);
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
