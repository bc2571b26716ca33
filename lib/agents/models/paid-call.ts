import type { ModelMessage, ToolSet } from "ai";
import type { Verdict } from "../../domain/budget/budget.ts";
import type { Tokens } from "../../domain/budget/model-call.ts";
import type { AgentType } from "../../domain/project/agent.ts";
import { costOf, type OwnPrices } from "../../settings/prices.ts";
import type { ModelRef } from "../../settings/providers.ts";
import type { AgentContext } from "../context.ts";
import { wires } from "../providers/wires.ts";
import {
  affordableTokens,
  type CallEnd,
  type CallPrice,
  callResultOf,
  isFree,
  minOutputTokens,
  priceCall,
  tokensOf,
  tokensOfSilence,
  tokensUsed,
} from "./call-cost.ts";
import { type CallFailure, calledOff, failureOf } from "./call-failure.ts";
import { callModel, type PartialReply, type RawReply } from "./call-model.ts";
import { keepTranscriptOf } from "./call-transcript.ts";
import type { FittedQuestion } from "./fit-question.ts";
import type { ReplyFormat } from "./model-reply.ts";
import { readRefusal, type Taught } from "./read-refusal.ts";
import type { RunMemory } from "./run-memory.ts";

export type AskDeps = {
  prices: OwnPrices;
  /** Milliseconds that a provider may be silent. */
  timeoutMs: number;
  /** Milliseconds before the first retry. Each later wait is twice as long as the one before. */
  retryBaseMs: number;
  now: () => Date;
};

/** A question for whichever model of the chain replies. */
export type ModelQuestion = {
  agent_type: AgentType;
  purpose: "answer" | "tools" | "repair" | "mediation";
  /** Writes the system prompt. `withSchema`: it has the schema of the answer, whatever the wire. */
  systemFor: (ref: ModelRef, withSchema?: boolean) => string;
  messages: readonly ModelMessage[];
  tools: ToolSet;
  format: ReplyFormat;
  maxOutputTokens: number;
  temperature: number | undefined;
  /** What this run has learnt of models, and said. Without it, each question begins with nothing. */
  memory?: RunMemory;
};

type DeniedVerdict = Exclude<Verdict, { kind: "granted" }>;

/** A reply with its model, or the limit that forbids the call. */
export type AskResult = { reply: RawReply; ref: ModelRef } | { denied: DeniedVerdict };

/** A model that gave no reply, and why. */
export type FailedAsk = {
  ref: ModelRef;
  failure: CallFailure;
  /** The end of the provider's pause; only when the call was not made because of the pause. */
  retry_at?: string;
  /** What the refusal shows of an option that the request had. */
  taught?: Taught;
};

const reserve = (
  agentContext: AgentContext,
  ref: ModelRef,
  question: ModelQuestion,
  { price, input }: CallPrice,
) => {
  const maxOutputTokens = Math.max(question.maxOutputTokens, 1);
  return agentContext.spend.reserve({
    agent_type: question.agent_type,
    provider: ref.provider.name,
    model: ref.model,
    minCost: costOf(price, tokensUsed(input, Math.min(maxOutputTokens, minOutputTokens))),
    maxCost: costOf(price, tokensUsed(input, maxOutputTokens)),
  });
};

/** A call whose money is reserved. */
type OpenCall = {
  call_id: string;
  price: CallPrice;
  /** Output tokens that the reserved money pays for. */
  maxOutputTokens: number;
  /** Gives the milliseconds since the money was reserved. */
  elapsed: () => number;
  settle: (end: Omit<CallEnd, "purpose" | "duration_ms">) => Promise<void>;
};

const openCall = async (
  deps: AskDeps,
  agentContext: AgentContext,
  ref: ModelRef,
  question: ModelQuestion,
): Promise<OpenCall | { denied: DeniedVerdict }> => {
  const price = priceCall(deps.prices, ref, question);
  const { call_id, verdict } = await reserve(agentContext, ref, question, price);
  if (verdict.kind !== "granted") return { denied: verdict };
  const started = deps.now().getTime();
  const elapsed = () => deps.now().getTime() - started;
  const { purpose } = question;
  return {
    call_id,
    price,
    maxOutputTokens: affordableTokens(price, verdict.amount, question.maxOutputTokens),
    elapsed,
    settle: (end) =>
      agentContext.spend.settle(
        call_id,
        callResultOf(price, { ...end, purpose, duration_ms: elapsed() }),
      ),
  };
};

const runCall = (
  deps: AskDeps,
  agentContext: AgentContext,
  { ref, question, call }: { ref: ModelRef; question: FittedQuestion; call: OpenCall },
  received: PartialReply,
): Promise<RawReply> => {
  const { systemFor, memory, sent, ...rest } = question;
  return callModel(
    {
      ...rest,
      ref,
      system: systemFor(ref),
      maxOutputTokens: call.maxOutputTokens,
      signal: agentContext.signal,
      silenceMs: deps.timeoutMs,
      onText: agentContext.stream({ agent_type: question.agent_type, call_id: call.call_id }),
    },
    received,
  );
};

const tokensOfEnd = (
  { price, maxOutputTokens }: OpenCall,
  received: PartialReply,
  { free, silent }: { free: boolean; silent: boolean },
): Tokens => {
  if (free) return tokensUsed(0, 0);
  return silent ? tokensOfSilence(price, maxOutputTokens) : tokensOf(price, received);
};

/** Settles a call that failed or was cancelled. Throws the signal's reason when the run is aborted. */
const settleFailure = async (
  agentContext: AgentContext,
  { ref, call, failure }: { ref: ModelRef; call: OpenCall; failure: CallFailure },
  received: PartialReply,
): Promise<void> => {
  const cancelled = agentContext.signal.aborted;
  const free = !cancelled && isFree(failure, received);
  // The token count of a reply that broke off is not complete.
  const known = failure.code === "content_filter" ? received : { ...received, tokens: null };
  await agentContext.breaker.report(ref.provider.name, cancelled ? calledOff : failure);
  await call.settle({
    outcome: cancelled ? "cancelled" : "failed",
    error_code: cancelled ? null : failure.code,
    said: cancelled ? null : failure.said || null,
    tokens: tokensOfEnd(call, known, { free, silent: failure.code === "timeout" && !cancelled }),
    estimated: !free && !known.tokens,
  });
  if (cancelled) throw agentContext.signal.reason;
};

/**
 * Makes one model call: reserves its money, asks, reports the end to the circuit breaker, settles. Every end is reported, because
 * the call may be the breaker's probe.
 *
 * @throws the signal's reason when the run is aborted, and what `reserve` and `settle` throw
 */
export const callOnce = async (
  deps: AskDeps,
  agentContext: AgentContext,
  ref: ModelRef,
  question: FittedQuestion,
): Promise<AskResult | FailedAsk> => {
  const { provider } = ref;
  const call = await openCall(deps, agentContext, ref, question).catch(async (error: unknown) => {
    await agentContext.breaker.report(provider.name, calledOff);
    throw error;
  });
  if ("denied" in call) {
    await agentContext.breaker.report(provider.name, calledOff);
    return call;
  }
  const received: PartialReply = { text: "", rest: "", tokens: null };
  let reply: RawReply;
  try {
    reply = await runCall(deps, agentContext, { ref, question, call }, received);
  } catch (error) {
    const failure = failureOf(error, {
      now: deps.now().getTime(),
      rules: wires[provider.api].refusals,
      key: provider.api_key,
      prompt: question.messages,
    });
    await keepTranscriptOf(agentContext, { ref, question, call }, { received, failure });
    await settleFailure(agentContext, { ref, call, failure }, received);
    const taught = isFree(failure, received) ? readRefusal(error, question.sent) : null;
    return { ref, failure, ...(taught && { taught }) };
  }
  const tokens = reply.tokens ?? tokensOf(call.price, received);
  await agentContext.breaker.report(provider.name, { ok: true, latency_ms: call.elapsed() });
  await call.settle({
    outcome: "answered",
    error_code: null,
    tokens,
    estimated: !reply.tokens,
  });
  await keepTranscriptOf(agentContext, { ref, question, call }, { reply });
  return { reply, ref };
};
