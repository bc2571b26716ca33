import { expect } from "vitest";
import type { Budgets } from "../../../lib/domain/budget/budget.ts";
import { LedgerRecord, ledgerIds } from "../../../lib/domain/budget/ledger.ts";
import type { CallResult, PlannedCall } from "../../../lib/domain/budget/model-call.ts";
import { reserveCall } from "../../../lib/domain/budget/reserve-call.ts";
import type { Change } from "../../../lib/domain/change.ts";
import { addMs } from "../../../lib/domain/common.ts";
import { aChange, anId, aWorkingTask, expectSound, now } from "../../support/builders.ts";

export const free: Budgets = { task: null, project: null, tenant: null, day: null };
export const taskLedger = ledgerIds.task(anId(10));
const today = ledgerIds.day(now);
export const scopes = [taskLedger, "project", "tenant", today];

export const planned = (fields: Partial<PlannedCall> = {}): PlannedCall => ({
  state: "planned",
  call_id: anId(50),
  task_id: anId(10),
  attempt: 1,
  agent_type: "coder",
  provider: "openai",
  model: "gpt-5",
  minCost: 10,
  maxCost: 1_000,
  ...fields,
});

export const settled = (fields: Partial<CallResult> = {}): CallResult => ({
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
  cost: 300,
  ...fields,
});

export const start = () => aChange({ tasks: [aWorkingTask()] });

export const checked = (change: Change): Change => {
  for (const row of Object.values(change.ledgers)) expect(LedgerRecord.parse(row)).toEqual(row);
  return expectSound(change);
};

export const reserve = (
  before: Change,
  call: PlannedCall = planned(),
  { budgets = free, at = now }: { budgets?: Budgets; at?: string } = {},
) => {
  const times = { now: at, settle_by: addMs(at, 390_000) };
  const { change, verdict } = reserveCall(before, call, budgets, times);
  return { change: checked(change), verdict };
};

export const reservedIn = ({ ledgers }: Change, names: readonly string[] = scopes) =>
  names.map((id) => ledgers[id]?.reserved);
export const costIn = ({ ledgers }: Change, names: readonly string[] = scopes) =>
  names.map((id) => ledgers[id]?.spend.cost);
