import { apply, type Change, type Edit, emit, type Needs, put } from "../change.ts";
import { taskEvent } from "../events.ts";
import { addCall, findReserved, ledgerIds, ledgerIn, noSpend } from "./ledger.ts";
import { type CallResult, modelOf, type ReservedCall, type SettledCall } from "./model-call.ts";
import { dollars } from "./money.ts";

const settled = (reserved: ReservedCall, result: CallResult): SettledCall => {
  const { amount, ledgers, started_at, settle_by, ...call } = reserved;
  return { ...call, ...result, state: "settled" };
};

const settleIn =
  (id: string, { call_id, amount }: ReservedCall, call: SettledCall): Edit =>
  (change) => {
    const ledger = ledgerIn(change, id);
    return put("ledgers", {
      ...ledger,
      reserved: Math.max(0, ledger.reserved - amount),
      spend: addCall(ledger.spend, call),
      open: ledger.open.filter((other) => other.call_id !== call_id),
    })(change);
  };

const addToBreakdown =
  (id: string, call: SettledCall): Edit =>
  (change) => {
    const ledger = ledgerIn(change, id);
    const { by_agent, by_model } = ledger;
    const { agent_type } = call;
    const model = modelOf(call);
    return put("ledgers", {
      ...ledger,
      by_agent: { ...by_agent, [agent_type]: addCall(by_agent[agent_type] ?? noSpend, call) },
      by_model: { ...by_model, [model]: addCall(by_model[model] ?? noSpend, call) },
    })(change);
  };

const eventOf = (task_id: string, { agent_type, state, cost, ...data }: SettledCall) =>
  taskEvent({ task_id, agent_type }, "model_call", { ...data, cost_usd: dollars(cost) });

/** A call is over: its reservation is given back, and what it really cost is written down. Settled once only. */
export const settleCall =
  (task_id: string, call_id: string, result: CallResult): Edit =>
  (change) => {
    const reserved = /* guard: a call is settled once */ findReserved(change, task_id, call_id);
    if (!reserved) return change;
    const call = settled(reserved, result);
    return apply(
      change,
      ...reserved.ledgers.map((id) => settleIn(id, reserved, call)),
      addToBreakdown(ledgerIds.task(task_id), call),
      addToBreakdown(ledgerIds.project, call),
      emit(eventOf(task_id, call)),
    );
  };

/** How a call ended that nobody has a model's word of: without tokens. */
const unknownResult = (
  fields: Pick<CallResult, "outcome" | "error_code" | "estimated" | "cost" | "duration_ms">,
): CallResult => ({
  price: "assumed",
  purpose: "unknown",
  input_tokens: 0,
  cached_input_tokens: 0,
  output_tokens: 0,
  ...fields,
});

/** A call that was never made, though its money may be reserved. */
export const notMade: CallResult = unknownResult({
  outcome: "cancelled",
  error_code: "not_made",
  estimated: false,
  cost: 0,
  duration_ms: 0,
});

/** Nobody knows what the call cost, so all that was reserved counts as spent. */
const lostResult = ({ amount, started_at }: ReservedCall, now: string): CallResult =>
  unknownResult({
    outcome: "lost",
    error_code: "worker_lost",
    estimated: true,
    cost: amount,
    duration_ms: Math.max(0, Date.parse(now) - Date.parse(started_at)),
  });

/** Settles the open calls of a task whose worker died in the middle of them. */
export const settleLostCalls =
  (task_id: string, now: string, isLost: (call: ReservedCall) => boolean = () => true): Edit =>
  (change) => {
    const lost = ledgerIn(change, ledgerIds.task(task_id)).open.filter(isLost);
    return apply(
      change,
      ...lost.map((call) => settleCall(task_id, call.call_id, lostResult(call, now))),
    );
  };

/** What settling the open calls of a task takes: some of their ledgers may be other days' than today's. */
export const needsOfOpen = (task_id: string) => ({
  needs: { ledgers: [ledgerIds.task(task_id)] },
  more: (change: Change): Needs => {
    const ids = ledgerIn(change, ledgerIds.task(task_id)).open.flatMap(({ ledgers }) => ledgers);
    return { ledgers: ids.filter((id) => !change.ledgers[id]) };
  },
});
