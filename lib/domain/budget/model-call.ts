import { apply, type Change, type Edit, emit, type Needs, put } from "../change.ts";
import { taskEvent } from "../events.ts";
import type { AgentType } from "../project/agent.ts";
import { type Budgets, decideBudget, ledgersOf, limitsOf, type Verdict } from "./budget.ts";
import {
  addUse,
  emptyLedger,
  type LedgerRecord,
  ledgerIds,
  noSpend,
  type OpenCall,
  type Used,
} from "./ledger.ts";
import { dollars, type MicroDollars } from "./money.ts";

/** A call that an agent wants to make for a task. */
export type PlannedCall = {
  call_id: string;
  task_id: string;
  attempt: number;
  agent_type: AgentType;
  provider: string;
  model: string;
  /** What the call costs at the least, and at the most. */
  least: MicroDollars;
  most: MicroDollars;
};

/** What became of a call. */
export type Settled = Used & {
  outcome: "answered" | "failed" | "cancelled" | "lost";
  error_code: string | null;
  /** The provider did not say how many tokens it were. */
  estimated: boolean;
  price: "listed" | "assumed";
  purpose: string;
  duration_ms: number;
};

const ledgerIn = ({ ledgers }: Change, id: string): LedgerRecord => ledgers[id] ?? emptyLedger(id);

const reserveIn =
  (id: string, amount: MicroDollars): Edit =>
  (change) => {
    const ledger = ledgerIn(change, id);
    return put("ledgers", { ...ledger, reserved: ledger.reserved + amount })(change);
  };

const openCall =
  (id: string, call: OpenCall): Edit =>
  (change) => {
    const ledger = ledgerIn(change, id);
    return put("ledgers", { ...ledger, open: [...ledger.open, call] })(change);
  };

const settleIn =
  (id: string, call: OpenCall, used: Used): Edit =>
  (change) => {
    const ledger = ledgerIn(change, id);
    return put("ledgers", {
      ...ledger,
      reserved: Math.max(0, ledger.reserved - call.amount),
      spend: addUse(ledger.spend, used),
      open: ledger.open.filter(({ call_id }) => call_id !== call.call_id),
    })(change);
  };

const breakDown =
  (id: string, { agent_type, provider, model }: OpenCall, used: Used): Edit =>
  (change) => {
    const ledger = ledgerIn(change, id);
    const { by_agent, by_model } = ledger;
    const name = `${provider}/${model}`;
    return put("ledgers", {
      ...ledger,
      by_agent: { ...by_agent, [agent_type]: addUse(by_agent[agent_type] ?? noSpend, used) },
      by_model: { ...by_model, [name]: addUse(by_model[name] ?? noSpend, used) },
    })(change);
  };

const told = (task_id: string, call: OpenCall, settled: Settled) => {
  const { cost, failed, ...rest } = settled;
  return taskEvent({ task_id, agent_type: call.agent_type }, "model_call", {
    call_id: call.call_id,
    attempt: call.attempt,
    provider: call.provider,
    model: call.model,
    ...rest,
    cost_usd: dollars(cost),
  });
};

const findOpen = (change: Change, task_id: string, call_id: string) =>
  ledgerIn(change, ledgerIds.task(task_id)).open.find((call) => call.call_id === call_id);

/** A call is over: its reservation is given back, and what it really cost is written down. Settled once only. */
export const settleCall =
  (task_id: string, call_id: string, settled: Settled): Edit =>
  (change) => {
    const call = findOpen(change, task_id, call_id);
    if (!call) return change;
    return apply(
      change,
      ...call.ledgers.map((id) => settleIn(id, call, settled)),
      breakDown(ledgerIds.task(task_id), call, settled),
      breakDown(ledgerIds.project, call, settled),
      emit(told(task_id, call, settled)),
    );
  };

/** Nobody knows what the call cost, so all that was reserved counts as spent. */
const settleLost = (task_id: string, call: OpenCall, now: string): Edit =>
  settleCall(task_id, call.call_id, {
    outcome: "lost",
    error_code: "worker_lost",
    estimated: true,
    price: "assumed",
    purpose: "unknown",
    duration_ms: Math.max(0, Date.parse(now) - Date.parse(call.started_at)),
    input_tokens: 0,
    cached_input_tokens: 0,
    output_tokens: 0,
    cost: call.amount,
    failed: true,
  });

/** Settles the open calls of a task whose worker died in the middle of them. */
export const settleLostCalls =
  (task_id: string, now: string, isLost: (call: OpenCall) => boolean = () => true): Edit =>
  (change) => {
    const lost = ledgerIn(change, ledgerIds.task(task_id)).open.filter(isLost);
    return apply(change, ...lost.map((call) => settleLost(task_id, call, now)));
  };

/** What settling the open calls of a task takes: some of their ledgers may be other days' than today's. */
export const needsOfOpen = (task_id: string) => ({
  needs: { ledgers: [ledgerIds.task(task_id)] },
  more: (change: Change): Needs => {
    const ids = ledgerIn(change, ledgerIds.task(task_id)).open.flatMap(({ ledgers }) => ledgers);
    return { ledgers: ids.filter((id) => !change.ledgers[id]) };
  },
});

/**
 * Reserves what a call may cost in every ledger that it counts in, or tells which limit forbids it. A reservation that
 * has been made already, by the same call, is granted again.
 */
export const reserveCall = (
  before: Change,
  planned: PlannedCall,
  budgets: Budgets,
  { now, settle_by }: { now: string; settle_by: string },
): { change: Change; verdict: Verdict } => {
  const { task_id, attempt, call_id, least, most, ...fields } = planned;
  const made = findOpen(before, task_id, call_id);
  if (made) return { change: before, verdict: { kind: "granted", amount: made.amount } };
  const ids = ledgersOf(task_id, now);
  const limits = limitsOf(before, budgets, ids);
  const verdict = decideBudget(limits, { least, most }, before.project.agreed_limits);
  if (verdict.kind !== "granted") return { change: before, verdict };
  const { amount } = verdict;
  const ledgers = Object.values(ids);
  const call = { ...fields, call_id, attempt, amount, ledgers, started_at: now, settle_by };
  const change = apply(
    before,
    ...ledgers.map((id) => reserveIn(id, amount)),
    openCall(ids.task, call),
  );
  return { change, verdict };
};
