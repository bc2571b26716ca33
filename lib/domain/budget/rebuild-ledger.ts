import type { EventOf } from "../events.ts";
import {
  addCall,
  emptyLedger,
  isTenantLedger,
  type LedgerRecord,
  ledgerIds,
  noSpend,
  type Spend,
} from "./ledger.ts";
import { modelOf, type ReservedCall, type SettledCall } from "./model-call.ts";
import { type MicroDollars, microDollars } from "./money.ts";

/** A settled call, as the log of its project has it. */
export type LoggedCall = EventOf<"model_call">;

/** One call costs no more than this, in micro-dollars, and has no more tokens. Older versions believed whatever was reported. */
const maxCallCost: MicroDollars = microDollars(1_000);
const maxTokens = 100_000_000;

const isCount = (count: unknown): count is number =>
  Number.isInteger(count) && Number(count) >= 0 && Number(count) <= maxTokens;

/** Tells whether a call can have used and cost what the log says. */
export const isBelievable = ({ data }: LoggedCall): boolean =>
  [data.input_tokens, data.cached_input_tokens, data.output_tokens].every(isCount) &&
  data.cost_usd >= 0 &&
  microDollars(data.cost_usd) <= maxCallCost;

/** Gives the instant at which a call's money was reserved: it decides the day. */
const startedAt = ({ timestamp, data }: LoggedCall): string =>
  new Date(
    Date.parse(timestamp) - (isCount(data.duration_ms) ? data.duration_ms : 0),
  ).toISOString();

const belongsTo = (id: string, call: LoggedCall): boolean => {
  if (id === ledgerIds.project || id === ledgerIds.tenant) return true;
  return isTenantLedger(id)
    ? id === ledgerIds.day(startedAt(call))
    : call.task_id !== null && id === ledgerIds.task(call.task_id);
};

const countOf = (count: unknown): number => (isCount(count) ? count : 0);

/** @param cost what the call counts with when its own cost cannot be */
const settledOf = (call: LoggedCall, cost: MicroDollars): SettledCall => {
  const { cost_usd, ...data } = call.data;
  return {
    ...data,
    agent_type: call.agent_type ?? "",
    input_tokens: countOf(data.input_tokens),
    cached_input_tokens: countOf(data.cached_input_tokens),
    cache_write_input_tokens: countOf(data.cache_write_input_tokens),
    output_tokens: countOf(data.output_tokens),
    estimated_because: "",
    state: "settled",
    cost: isBelievable(call) ? microDollars(cost_usd) : cost,
  };
};

const sumBy = (
  calls: readonly SettledCall[],
  nameOf: (call: SettledCall) => string,
): Record<string, Spend> => {
  const sums = new Map<string, Spend>();
  for (const call of calls) {
    sums.set(nameOf(call), addCall(sums.get(nameOf(call)) ?? noSpend, call));
  }
  return Object.fromEntries(sums);
};

/**
 * Makes a ledger anew from the calls in the logs. A call whose cost cannot be counts with that of the dearest of the others.
 *
 * @param calls of the projects whose calls may count in it
 * @param open the calls that are not settled yet
 */
export const rebuildLedger = (
  ledger_id: string,
  calls: readonly LoggedCall[],
  open: readonly ReservedCall[],
): LedgerRecord => {
  const own = calls.filter((call) => belongsTo(ledger_id, call));
  const dearest = own
    .filter(isBelievable)
    .reduce((most, { data }) => Math.max(most, microDollars(data.cost_usd)), 0);
  const settled = own.map((call) => settledOf(call, dearest));
  const counted = open.filter(({ ledgers }) => ledgers.includes(ledger_id));
  const isWhole = isTenantLedger(ledger_id);
  return {
    ...emptyLedger(ledger_id),
    spend: settled.reduce(addCall, noSpend),
    reserved: counted.reduce((sum, { amount }) => sum + amount, 0),
    by_agent: isWhole ? {} : sumBy(settled, ({ agent_type }) => agent_type),
    by_model: isWhole ? {} : sumBy(settled, modelOf),
    open: ledger_id.startsWith(ledgerIds.task("")) ? [...counted] : [],
  };
};
