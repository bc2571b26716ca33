import { apply, type Change, type Edit, emit, type Needs, put } from "../change.ts";
import { taskEvent } from "../events.ts";
import { newCallRecord } from "./call-record.ts";
import { addCall, findReserved, ledgerIds, ledgerIn, noSpend, type Spend } from "./ledger.ts";
import { wakeNext } from "./line.ts";
import { type CallResult, modelOf, type ReservedCall, type SettledCall } from "./model-call.ts";
import { dollars } from "./money.ts";

const tokenCounts = [
  "input_tokens",
  "cached_input_tokens",
  "cache_write_input_tokens",
  "output_tokens",
] as const;

/** Makes a count that can be stored of any number: whole, from 0 to `max`. */
const storable = (count: number, max = Number.MAX_SAFE_INTEGER): number =>
  Number.isNaN(count) ? 0 : Math.min(Math.max(0, Math.ceil(count)), max);

/**
 * Makes a settled call. Its counts come from outside, so whatever they are, the call can be stored and read again, and it costs no more
 * than was reserved for it.
 */
const settled = (reserved: ReservedCall, result: CallResult): SettledCall => {
  const { amount, ledgers, started_at, settle_by, ...call } = reserved;
  const counts = tokenCounts.map((name) => [name, storable(result[name])]);
  return {
    ...call,
    ...result,
    ...(Object.fromEntries(counts) as Pick<CallResult, (typeof tokenCounts)[number]>),
    cost: storable(result.cost, /* guard: no more is spent than was reserved */ amount),
    duration_ms: storable(result.duration_ms),
    state: "settled",
  };
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

/** Gives the sum under a name; no spend when there is none. The name may be that of a built-in property. */
const spendOf = (sums: Readonly<Record<string, Spend>>, name: string): Spend =>
  (Object.hasOwn(sums, name) ? sums[name] : undefined) ?? noSpend;

const addToBreakdown =
  (id: string, call: SettledCall): Edit =>
  (change) => {
    const ledger = ledgerIn(change, id);
    const { by_agent, by_model } = ledger;
    const { agent_type } = call;
    const model = modelOf(call);
    return put("ledgers", {
      ...ledger,
      by_agent: { ...by_agent, [agent_type]: addCall(spendOf(by_agent, agent_type), call) },
      by_model: { ...by_model, [model]: addCall(spendOf(by_model, model), call) },
    })(change);
  };

const eventOf = (task_id: string, { agent_type, state, cost, said, ...data }: SettledCall) =>
  taskEvent({ task_id, agent_type }, "model_call", { ...data, cost_usd: dollars(cost) });

/**
 * Settles a call that is over: gives its reservation back and adds its real cost. A call that is settled already stays as it
 * is.
 */
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
      put("calls", newCallRecord(task_id, reserved, call)),
      emit(eventOf(task_id, call)),
      ...reserved.ledgers.map(wakeNext),
    );
  };

/** Makes the result of a call for which no model reported its tokens. */
const unknownResult = (
  fields: Pick<CallResult, "outcome" | "error_code" | "estimated" | "cost" | "duration_ms">,
): CallResult => ({
  price: "assumed",
  purpose: "unknown",
  input_tokens: 0,
  cached_input_tokens: 0,
  cache_write_input_tokens: 0,
  output_tokens: 0,
  ...fields,
});

/** The result of a call that was never made, though money may be reserved for it. */
export const notMade: CallResult = unknownResult({
  outcome: "cancelled",
  error_code: "not_made",
  estimated: false,
  cost: 0,
  duration_ms: 0,
});

/** Makes the result of a call whose worker was lost. Its cost is unknown, so all that was reserved counts as spent. */
const lostResult = ({ amount, started_at }: ReservedCall, now: string): CallResult =>
  unknownResult({
    outcome: "lost",
    error_code: "worker_lost",
    estimated: true,
    cost: amount,
    duration_ms: Math.max(0, Date.parse(now) - Date.parse(started_at)),
  });

/**
 * Settles open calls of a task whose worker was lost.
 *
 * @param isLost picks the calls; without it all open calls are settled
 */
export const settleLostCalls =
  (task_id: string, now: string, isLost: (call: ReservedCall) => boolean = () => true): Edit =>
  (change) => {
    const lost = ledgerIn(change, ledgerIds.task(task_id)).open.filter(isLost);
    return apply(
      change,
      ...lost.map((call) => settleCall(task_id, call.call_id, lostResult(call, now))),
    );
  };

/** Names the records that `settleLostCalls` needs. Some of the ledgers may be those of earlier days. */
export const needsOfOpen = (task_id: string) => ({
  needs: { ledgers: [ledgerIds.task(task_id)] },
  more: (change: Change): Needs => {
    const ids = ledgerIn(change, ledgerIds.task(task_id)).open.flatMap(({ ledgers }) => ledgers);
    return { ledgers: ids.filter((id) => !change.ledgers[id]) };
  },
});
