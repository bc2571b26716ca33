import * as z from "zod";
import { Id, Instant } from "../common.ts";
import { AgentType } from "../project/agent.ts";
import type { MicroDollars } from "./money.ts";

/** Tokens of one call; cached ones are among the input. */
export type Tokens = { input_tokens: number; cached_input_tokens: number; output_tokens: number };

/** Who asks which model. */
const CallIdentity = z.object({
  call_id: Id,
  attempt: z.int(),
  agent_type: AgentType,
  provider: z.string(),
  model: z.string(),
});
type CallIdentity = z.infer<typeof CallIdentity>;

/** What a call costs at the least and at the most, in micro-dollars. */
export type CallPlan = Pick<CallIdentity, "agent_type" | "provider" | "model"> & {
  least: MicroDollars;
  most: MicroDollars;
};

/** A call that an agent wants to make for a task. */
export type PlannedCall = CallIdentity & CallPlan & { state: "planned"; task_id: string };

/** A call that was allowed and has not been settled yet, as the task's ledger keeps it. */
export const ReservedCall = CallIdentity.extend({
  state: z.literal("reserved"),
  amount: z.int().nonnegative(),
  /** The ledgers that hold its reservation. */
  ledgers: z.array(z.string()),
  started_at: Instant,
  /** Its worker has settled it by then, or is dead. */
  settle_by: Instant,
});
export type ReservedCall = z.infer<typeof ReservedCall>;

/** What became of a call. */
export type CallResult = Tokens & {
  outcome: "answered" | "failed" | "cancelled" | "lost";
  error_code: string | null;
  /** The provider did not say how many tokens it were. */
  estimated: boolean;
  price: "listed" | "assumed";
  cost: MicroDollars;
  purpose: string;
  duration_ms: number;
};

/** A call that is over: its reservation is given back, and its cost is in the ledgers. */
export type SettledCall = CallIdentity & CallResult & { state: "settled" };

/** A call of a model through its life. A planned call that a limit forbids goes no further. */
export type ModelCall = PlannedCall | ReservedCall | SettledCall;

/** `openai/gpt-5`, as sums and messages name it. */
export const modelOf = ({ provider, model }: ModelCall): string => `${provider}/${model}`;
