import * as z from "zod";
import type { Change } from "../change.ts";
import { type CallResult, ReservedCall } from "./model-call.ts";
import type { MicroDollars } from "./money.ts";

/** A whole number of at most `Number.MAX_SAFE_INTEGER`: sums stay exact. */
const count = z.int().nonnegative();

/** Adds two counts. A sum that would not be exact stays at the largest exact number, so that the ledger can be read again. */
const addCounts = (one: number, other: number): number =>
  /* guard: a sum can be read again */ Math.min(one + other, Number.MAX_SAFE_INTEGER);

/** What model calls have used. `cost` is in micro-dollars. */
export const Spend = z.object({
  calls: count,
  failed_calls: count,
  input_tokens: count,
  cached_input_tokens: count,
  cache_write_input_tokens: count,
  output_tokens: count,
  cost: count,
});
export type Spend = z.infer<typeof Spend>;

/** A task that waits at a limit for money that other calls have reserved. Amounts are in micro-dollars. */
export const Waiter = z.object({
  project_id: z.string(),
  task_id: z.string(),
  /** The limit that stops its call. */
  limit: count,
  /** What its call needs at least, and what it may have. */
  minCost: count,
  maxCost: count,
  /** Whether a person has agreed that the work goes on beyond 90 % of the limit. */
  agreed: z.boolean(),
});
export type Waiter = z.infer<typeof Waiter>;

/**
 * What is spent and reserved in one scope: a task, a project, the tenant, or a day of the tenant. The ledgers of a task and of
 * a project also say by which agent and by which model. Only the ledger of a task has open calls.
 */
export const LedgerRecord = z.object({
  ledger_id: z.string(),
  spend: Spend,
  reserved: count,
  by_agent: z.record(z.string(), Spend),
  by_model: z.record(z.string(), Spend),
  open: z.array(ReservedCall),
  /** The tasks that wait for money of this ledger, oldest first. */
  waiting: z.array(Waiter).default([]),
  rev: z.int(),
});
export type LedgerRecord = z.infer<typeof LedgerRecord>;

export const ledgerIds = {
  task: (task_id: string) => `task:${task_id}`,
  project: "project",
  tenant: "tenant",
  day: (now: string) => `day:${now.slice(0, 10)}`,
} as const;

/** Tells whether a ledger belongs to the tenant as a whole, not to a project. */
export const isTenantLedger = (id: string): boolean => id === "tenant" || id.startsWith("day:");

/** Gives the id of the task that a task's ledger belongs to. */
export const taskOfLedger = (id: string): string => id.replace("task:", "");

/** Tells whether a call should have been settled by now. */
export const isOverdue = ({ settle_by }: ReservedCall, now: string): boolean =>
  /* guard: what a dead worker left open is settled */ settle_by <= now;

/** Gives the instant by which the first open call must be settled; null when no call is open. */
export const ledgerDue = ({ open }: LedgerRecord): string | null =>
  open.map(({ settle_by }) => settle_by).sort()[0] ?? null;

export const noSpend: Spend = {
  calls: 0,
  failed_calls: 0,
  input_tokens: 0,
  cached_input_tokens: 0,
  cache_write_input_tokens: 0,
  output_tokens: 0,
  cost: 0,
};

/** Makes a ledger in which nothing is spent. */
export const emptyLedger = (ledger_id: string): LedgerRecord => ({
  ledger_id,
  spend: noSpend,
  reserved: 0,
  by_agent: {},
  by_model: {},
  open: [],
  waiting: [],
  rev: 0,
});

/** Adds what is spent and what is reserved. */
export const spentAndReserved = ({ spend, reserved }: LedgerRecord): MicroDollars =>
  spend.cost + reserved;

/** Adds a call to a sum. */
export const addCall = (spend: Spend, call: CallResult): Spend => ({
  calls: addCounts(spend.calls, 1),
  failed_calls: addCounts(spend.failed_calls, call.outcome === "answered" ? 0 : 1),
  input_tokens: addCounts(spend.input_tokens, call.input_tokens),
  cached_input_tokens: addCounts(spend.cached_input_tokens, call.cached_input_tokens),
  cache_write_input_tokens: addCounts(
    spend.cache_write_input_tokens,
    call.cache_write_input_tokens,
  ),
  output_tokens: addCounts(spend.output_tokens, call.output_tokens),
  cost: addCounts(spend.cost, call.cost),
});

/** Gives a ledger of the change; an empty one when the change has none with this id. */
export const ledgerIn = ({ ledgers }: Pick<Change, "ledgers">, id: string): LedgerRecord =>
  ledgers[id] ?? emptyLedger(id);

/** Finds a reserved call of a task that is not settled yet. */
export const findReserved = (change: Change, task_id: string, call_id: string) =>
  ledgerIn(change, ledgerIds.task(task_id)).open.find((call) => call.call_id === call_id);
