import { apply, type Change, type Edit, put } from "../change.ts";
import { type Budgets, decideBudget, ledgersOf, limitsOf, type Verdict } from "./budget.ts";
import { findReserved, ledgerIn } from "./ledger.ts";
import type { PlannedCall, ReservedCall } from "./model-call.ts";

const reserveIn =
  (id: string, { amount }: ReservedCall): Edit =>
  (change) => {
    const ledger = ledgerIn(change, id);
    return put("ledgers", { ...ledger, reserved: ledger.reserved + amount })(change);
  };

const addOpenCall =
  (id: string, call: ReservedCall): Edit =>
  (change) => {
    const ledger = ledgerIn(change, id);
    return put("ledgers", { ...ledger, open: [...ledger.open, call] })(change);
  };

/** When a call is asked for, and by when its worker must settle it. */
type Times = { now: string; settle_by: string };

/** The amount that was granted, and the ids of the ledgers that hold it. */
type Grant = { amount: number; ledgers: readonly string[] };

const reserved = (planned: PlannedCall, grant: Grant, { now, settle_by }: Times): ReservedCall => {
  const { task_id, minCost, maxCost, ...call } = planned;
  const { amount, ledgers } = grant;
  return {
    ...call,
    state: "reserved",
    amount,
    ledgers: [...ledgers],
    started_at: now,
    settle_by,
  };
};

/**
 * Reserves what a call may cost in every ledger in which it counts, or says which limit forbids the call. When the same call
 * already has a reservation, it grants that one again.
 */
export const reserveCall = (
  before: Change,
  planned: PlannedCall,
  budgets: Budgets,
  times: Times,
): { change: Change; verdict: Verdict } => {
  const { task_id, call_id } = planned;
  const existing = /* guard: a lost reservation is found again */ findReserved(
    before,
    task_id,
    call_id,
  );
  if (existing) return { change: before, verdict: { kind: "granted", amount: existing.amount } };
  const ids = ledgersOf(task_id, times.now);
  const limits = limitsOf(before, budgets, { task_id, now: times.now });
  const verdict = decideBudget(limits, planned, before.project.agreed_limits);
  if (verdict.kind !== "granted") return { change: before, verdict };
  const ledgers = Object.values(ids);
  const call = reserved(planned, { amount: verdict.amount, ledgers }, times);
  const change = apply(
    before,
    ...ledgers.map((id) => reserveIn(id, call)),
    addOpenCall(ids.task, call),
  );
  return { change, verdict };
};
