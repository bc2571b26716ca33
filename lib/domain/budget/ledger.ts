import * as z from "zod";
import { Id, Instant } from "../common.ts";
import { AgentType } from "../project/agent.ts";
import type { MicroDollars } from "./money.ts";

/** Tokens of one call; cached ones are among the input. */
export type Tokens = { input_tokens: number; cached_input_tokens: number; output_tokens: number };

const count = z.int().nonnegative();

/** What model calls have used; `cost` in micro-dollars. */
export const Spend = z.object({
  calls: count,
  failed_calls: count,
  input_tokens: count,
  cached_input_tokens: count,
  output_tokens: count,
  cost: count,
});
export type Spend = z.infer<typeof Spend>;

/** A call that was allowed and has not been settled yet. */
export const OpenCall = z.object({
  call_id: Id,
  attempt: z.int(),
  agent_type: AgentType,
  provider: z.string(),
  model: z.string(),
  amount: count,
  /** The ledgers that hold its reservation. */
  ledgers: z.array(z.string()),
  started_at: Instant,
  /** Its worker has settled it by then, or is dead. */
  settle_by: Instant,
});
export type OpenCall = z.infer<typeof OpenCall>;

/**
 * What was spent and what is reserved in one scope: a task, a project, the tenant, or the tenant's day. A task's and a
 * project's say by whom and by which model, and only a task's keeps its open calls.
 */
export const LedgerRecord = z.object({
  ledger_id: z.string(),
  spend: Spend,
  reserved: count,
  by_agent: z.record(z.string(), Spend),
  by_model: z.record(z.string(), Spend),
  open: z.array(OpenCall),
  rev: z.int(),
});
export type LedgerRecord = z.infer<typeof LedgerRecord>;

export const ledgerIds = {
  task: (task_id: string) => `task:${task_id}`,
  project: "project",
  tenant: "tenant",
  day: (now: string) => `day:${now.slice(0, 10)}`,
} as const;

/** Whether a ledger is the tenant's: in all, or of one day. */
export const isTenantLedger = (id: string): boolean => id === "tenant" || id.startsWith("day:");

/** The task whose ledger it is. */
export const taskOfLedger = (id: string): string => id.replace("task:", "");

export const isOverdue = ({ settle_by }: OpenCall, now: string): boolean => settle_by <= now;

/** When the first of a ledger's open calls should have been settled; null when none is open. */
export const ledgerDue = ({ open }: LedgerRecord): string | null =>
  open.map(({ settle_by }) => settle_by).sort()[0] ?? null;

export const noSpend: Spend = {
  calls: 0,
  failed_calls: 0,
  input_tokens: 0,
  cached_input_tokens: 0,
  output_tokens: 0,
  cost: 0,
};

export const emptyLedger = (ledger_id: string): LedgerRecord => ({
  ledger_id,
  spend: noSpend,
  reserved: 0,
  by_agent: {},
  by_model: {},
  open: [],
  rev: 0,
});

/** What is gone for good, and what may be. */
export const committed = ({ spend, reserved }: LedgerRecord): MicroDollars => spend.cost + reserved;

/** One call as the ledgers add it up. */
export type Used = Tokens & { cost: MicroDollars; failed: boolean };

export const addUse = (spend: Spend, used: Used): Spend => ({
  calls: spend.calls + 1,
  failed_calls: spend.failed_calls + (used.failed ? 1 : 0),
  input_tokens: spend.input_tokens + used.input_tokens,
  cached_input_tokens: spend.cached_input_tokens + used.cached_input_tokens,
  output_tokens: spend.output_tokens + used.output_tokens,
  cost: spend.cost + used.cost,
});
