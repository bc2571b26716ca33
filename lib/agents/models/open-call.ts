import type { ModelRef } from "../../settings/providers.ts";
import type { AgentContext } from "../context.ts";
import {
  affordableTokens,
  type CallEnd,
  type CallPrice,
  callResultOf,
  maxCostWith,
  minOutputTokens,
  priceCall,
} from "./call-cost.ts";
import { calledOff } from "./call-failure.ts";
import type { FittedQuestion } from "./fit-question.ts";
import type { Surplus } from "./over-reservation.ts";
import type { AskDeps, DeniedVerdict } from "./paid-call.ts";
import type { TokenBounds } from "./reported-usage.ts";

const reserve = (
  agentContext: AgentContext,
  ref: ModelRef,
  question: FittedQuestion,
  price: CallPrice,
) => {
  const wanted = Math.max(question.maxOutputTokens, 1);
  const least = Math.min(wanted, question.minOutputTokens ?? minOutputTokens(wanted));
  return agentContext.spend.reserve({
    agent_type: question.agent_type,
    provider: ref.provider.name,
    model: ref.model,
    minCost: maxCostWith(price, least),
    maxCost: maxCostWith(price, wanted),
  });
};

/** A call whose money is reserved. */
export type OpenCall = {
  call_id: string;
  /** The tokens that the reserved money pays for. */
  bounds: TokenBounds;
  /** Output tokens to ask for. */
  maxOutputTokens: number;
  /** Gives the milliseconds since the money was reserved. */
  elapsed: () => number;
  settle: (end: Omit<CallEnd, "purpose" | "duration_ms">) => Promise<void>;
};

const priceWith = async (
  deps: AskDeps,
  ref: ModelRef,
  { systemFor, messages, tools, format }: FittedQuestion,
  surplus: Surplus,
): Promise<CallPrice> => {
  const prompt = { system: systemFor(ref), messages, tools, schema: format.json };
  const price = await priceCall(deps.prices, ref, prompt);
  return { ...price, input: price.input + surplus.input };
};

/** A call to be made, and of which model. */
export type AskedCall = { ref: ModelRef; question: FittedQuestion; surplus: Surplus };

const openCall = async (
  deps: AskDeps,
  agentContext: AgentContext,
  { ref, question, surplus }: AskedCall,
): Promise<OpenCall | { denied: DeniedVerdict }> => {
  const price = await priceWith(deps, ref, question, surplus);
  const { call_id, verdict } = await reserve(agentContext, ref, question, price);
  if (verdict.kind !== "granted") return { denied: verdict };
  const started = deps.now().getTime();
  const elapsed = () => deps.now().getTime() - started;
  const { purpose } = question;
  const output = affordableTokens(price, verdict.amount, question.maxOutputTokens);
  return {
    call_id,
    bounds: { input: price.input, output },
    maxOutputTokens: Math.max(1, output - surplus.output),
    elapsed,
    settle: (end) =>
      agentContext.spend.settle(
        call_id,
        callResultOf(price, { ...end, purpose, duration_ms: elapsed() }),
      ),
  };
};

/**
 * Reserves the money of a call, or says which limit forbids it. A call that is not made is reported to the circuit breaker.
 *
 * @throws what `reserve` throws
 */
export const openPaidCall = async (
  deps: AskDeps,
  agentContext: AgentContext,
  asked: AskedCall,
): Promise<OpenCall | { denied: DeniedVerdict }> => {
  const { name } = asked.ref.provider;
  const call = await openCall(deps, agentContext, asked).catch(async (error: unknown) => {
    await agentContext.breaker.report(name, calledOff);
    throw error;
  });
  if ("denied" in call) await agentContext.breaker.report(name, calledOff);
  return call;
};
