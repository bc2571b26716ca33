import * as z from "zod";
import { Id, Instant } from "../common.ts";
import { AgentType } from "../project/agent.ts";
import type { MicroDollars } from "./money.ts";

/** The tokens of one call. */
export type Tokens = {
  /** All of them: also those from a cache, and those that were written to one. */
  input_tokens: number;
  cached_input_tokens: number;
  cache_write_input_tokens: number;
  output_tokens: number;
};

/** Who asks which model. */
const CallIdentity = z.object({
  call_id: Id,
  attempt: z.int(),
  agent_type: AgentType,
  provider: z.string(),
  model: z.string(),
});
type CallIdentity = z.infer<typeof CallIdentity>;

/** The least and the most that a call can cost, in micro-dollars. */
export type CallPlan = Pick<CallIdentity, "agent_type" | "provider" | "model"> & {
  minCost: MicroDollars;
  maxCost: MicroDollars;
};

/** A call that an agent wants to make for a task. */
export type PlannedCall = CallIdentity & CallPlan & { state: "planned"; task_id: string };

/** A call that was granted and is not settled yet, as the task's ledger holds it. */
export const ReservedCall = CallIdentity.extend({
  state: z.literal("reserved"),
  amount: z.int().nonnegative(),
  /** The ids of the ledgers that hold its reservation. */
  ledgers: z.array(z.string()),
  started_at: Instant,
  /** By this instant its worker has settled it; otherwise the worker is dead. */
  settle_by: Instant,
});
export type ReservedCall = z.infer<typeof ReservedCall>;

/** How a call ended, and what it used. */
export type CallResult = Tokens & {
  outcome: "answered" | "failed" | "cancelled" | "lost";
  error_code: string | null;
  /** What the provider said about a failure, cleaned and truncated. Only operators read it. */
  said?: string | null;
  /** True when the provider did not tell the number of tokens, or one that cannot be. */
  estimated: boolean;
  /** Why a count is estimated although the provider sent one. */
  estimated_because?: string;
  price: "listed" | "assumed";
  cost: MicroDollars;
  purpose: string;
  duration_ms: number;
};

/** A call that is over: its reservation is given back, and its cost is in the ledgers. */
export type SettledCall = CallIdentity & CallResult & { state: "settled" };

/** A call of a model in one of its states. A planned call that a limit forbids is never made. */
export type ModelCall = PlannedCall | ReservedCall | SettledCall;

/** Names the model of a call with its provider: `openai/gpt-5`. */
export const modelOf = ({ provider, model }: ModelCall): string => `${provider}/${model}`;
