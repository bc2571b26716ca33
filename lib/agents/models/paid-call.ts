import type { ModelMessage, ToolSet } from "ai";
import type { Verdict } from "../../domain/budget/budget.ts";
import type { Tokens } from "../../domain/budget/model-call.ts";
import type { AgentType } from "../../domain/project/agent.ts";
import { costOf, type OwnPrices } from "../../settings/prices.ts";
import type { ModelRef } from "../../settings/providers.ts";
import type { AgentContext } from "../context.ts";
import { wires } from "../providers/wires.ts";
import type { AnswerFormat } from "./answer.ts";
import {
  type CallEnd,
  type CallPrice,
  isFree,
  leastOutputTokens,
  outputFor,
  priceCall,
  resultOf,
  tokensOf,
  tokensOfSilence,
  used,
} from "./call-cost.ts";
import { type CallFailure, calledOff, failureOf } from "./call-failure.ts";
import { callModel, type Received, type Reply } from "./call-model.ts";

export type AskDeps = {
  prices: OwnPrices;
  /** How long a provider may be silent. */
  timeoutMs: number;
  /** The first of the waits between tries; each is twice as long as the one before. */
  retryBaseMs: number;
  now: () => Date;
};

/** What is asked; who answers it is seen by the chain. */
export type Question = {
  agent_type: AgentType;
  purpose: "answer" | "tools" | "repair" | "mediation";
  systemFor: (ref: ModelRef) => string;
  messages: readonly ModelMessage[];
  tools: ToolSet;
  format: AnswerFormat;
  maxOutputTokens: number;
  temperature: number | undefined;
};

type Stopped = Exclude<Verdict, { kind: "granted" }>;

/** An answer with who gave it, or the limit that forbids the call. */
export type Asked = { reply: Reply; ref: ModelRef } | { stopped: Stopped };

/** A model that did not answer. */
export type Failed = {
  ref: ModelRef;
  failure: CallFailure;
  /** Until when the provider is paused, where it was not asked for that reason. */
  retry_at?: string;
};

const reserve = (
  tools: AgentContext,
  ref: ModelRef,
  question: Question,
  { price, input }: CallPrice,
) => {
  const most = Math.max(question.maxOutputTokens, 1);
  return tools.spend.reserve({
    agent_type: question.agent_type,
    provider: ref.provider.name,
    model: ref.model,
    least: costOf(price, used(input, Math.min(most, leastOutputTokens))),
    most: costOf(price, used(input, most)),
  });
};

/** A call whose money is reserved, and how it is settled. */
type OpenCall = {
  call_id: string;
  price: CallPrice;
  /** What the money that was granted buys. */
  maxOutputTokens: number;
  /** Milliseconds since the money was there. */
  elapsed: () => number;
  settle: (end: Omit<CallEnd, "purpose" | "duration_ms">) => Promise<void>;
};

const pay = async (
  deps: AskDeps,
  tools: AgentContext,
  ref: ModelRef,
  question: Question,
): Promise<OpenCall | { stopped: Stopped }> => {
  const price = priceCall(deps.prices, ref, question);
  const { call_id, verdict } = await reserve(tools, ref, question, price);
  if (verdict.kind !== "granted") return { stopped: verdict };
  const started = deps.now().getTime();
  const elapsed = () => deps.now().getTime() - started;
  const { purpose } = question;
  return {
    call_id,
    price,
    maxOutputTokens: outputFor(price, verdict.amount, question.maxOutputTokens),
    elapsed,
    settle: (end) =>
      tools.spend.settle(call_id, resultOf(price, { ...end, purpose, duration_ms: elapsed() })),
  };
};

const give = (
  deps: AskDeps,
  tools: AgentContext,
  { ref, question, call }: { ref: ModelRef; question: Question; call: OpenCall },
  received: Received,
): Promise<Reply> => {
  const { systemFor, ...rest } = question;
  return callModel(
    {
      ...rest,
      ref,
      system: systemFor(ref),
      maxOutputTokens: call.maxOutputTokens,
      signal: tools.signal,
      silenceMs: deps.timeoutMs,
      onText: tools.stream({ agent_type: question.agent_type, call_id: call.call_id }),
    },
    received,
  );
};

const tokensOfEnd = (
  { price, maxOutputTokens }: OpenCall,
  received: Received,
  { free, silent }: { free: boolean; silent: boolean },
): Tokens => {
  if (free) return used(0, 0);
  return silent ? tokensOfSilence(price, maxOutputTokens) : tokensOf(price, received);
};

/** Settles a call that came to nothing; when the run is over, so is this. */
const onBroken = async (
  tools: AgentContext,
  { ref, call, failure }: { ref: ModelRef; call: OpenCall; failure: CallFailure },
  received: Received,
): Promise<void> => {
  const cancelled = tools.signal.aborted;
  const free = !cancelled && isFree(failure, received);
  // What a provider counts of an answer that broke off is not all of it.
  const known = failure.code === "content_filter" ? received : { ...received, tokens: null };
  await tools.breaker.report(ref.provider.name, cancelled ? calledOff : failure);
  await call.settle({
    outcome: cancelled ? "cancelled" : "failed",
    error_code: cancelled ? null : failure.code,
    tokens: tokensOfEnd(call, known, { free, silent: failure.code === "timeout" && !cancelled }),
    estimated: !free && !known.tokens,
  });
  if (cancelled) throw tools.signal.reason;
};

/** One paid call. The breaker hears of every end: who was admitted might be the one that probes. */
export const tryOnce = async (
  deps: AskDeps,
  tools: AgentContext,
  ref: ModelRef,
  question: Question,
): Promise<Asked | Failed> => {
  const { provider } = ref;
  const call = await pay(deps, tools, ref, question).catch(async (error: unknown) => {
    await tools.breaker.report(provider.name, calledOff);
    throw error;
  });
  if ("stopped" in call) {
    await tools.breaker.report(provider.name, calledOff);
    return call;
  }
  const received: Received = { text: "", rest: "", tokens: null };
  let reply: Reply;
  try {
    reply = await give(deps, tools, { ref, question, call }, received);
  } catch (error) {
    const { isKeyRefused } = wires[provider.api];
    const failure = failureOf(error, deps.now().getTime(), isKeyRefused);
    await onBroken(tools, { ref, call, failure }, received);
    return { ref, failure };
  }
  const tokens = reply.tokens ?? tokensOf(call.price, received);
  await tools.breaker.report(provider.name, { ok: true, latency_ms: call.elapsed() });
  await call.settle({
    outcome: "answered",
    error_code: null,
    tokens,
    estimated: !reply.tokens,
  });
  return { reply, ref };
};
