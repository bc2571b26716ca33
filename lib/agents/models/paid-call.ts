import type { ModelMessage, ToolSet } from "ai";
import type { Verdict } from "../../domain/budget/budget.ts";
import type { AgentType } from "../../domain/project/agent.ts";
import type { OwnPrices } from "../../settings/prices.ts";
import type { ModelRef } from "../../settings/providers.ts";
import type { AgentContext } from "../context.ts";
import { wires } from "../providers/wires.ts";
import { isFree, noTokens, tokensOfEnd, tokensOfUnknownEnd } from "./call-cost.ts";
import { type CallFailure, calledOff, failureAs, failureOf } from "./call-failure.ts";
import { callModel, type PartialReply, type RawReply } from "./call-model.ts";
import { keepTranscriptOf } from "./call-transcript.ts";
import type { FittedQuestion } from "./fit-question.ts";
import type { ReplyFormat } from "./model-reply.ts";
import { type AskedCall, type OpenCall, openPaidCall } from "./open-call.ts";
import {
  noSurplus,
  overReservationIn,
  type Surplus,
  surplusOf,
  unbounded,
} from "./over-reservation.ts";
import { readRefusal } from "./read-refusal.ts";
import type { Taught } from "./refused-options.ts";
import type { BookedTokens } from "./reported-usage.ts";
import type { OwnOptions } from "./request-options.ts";
import type { RunMemory } from "./run-memory.ts";
import type { TokenRatios } from "./token-ratios.ts";
import { estimateTokens } from "./tokens.ts";

export type AskDeps = {
  prices: OwnPrices;
  /** Milliseconds that a provider may be silent. */
  timeoutMs: number;
  /** Milliseconds before the first retry. Each later wait is twice as long as the one before. */
  retryBaseMs: number;
  now: () => Date;
  ratios: TokenRatios;
};

/** A question for whichever model of the chain replies. */
export type ModelQuestion = OwnOptions & {
  agent_type: AgentType;
  purpose: "answer" | "tools" | "repair" | "mediation";
  /** Writes the system prompt. `withSchema`: it has the schema of the answer, whatever the wire. */
  systemFor: (ref: ModelRef, withSchema?: boolean) => string;
  messages: readonly ModelMessage[];
  tools: ToolSet;
  format: ReplyFormat;
  maxOutputTokens: number;
  /** Output tokens without which the call is not worth its price. */
  minOutputTokens?: number;
  temperature: number | undefined;
  /** What this run has learnt of models, and said. Without it, each question begins with nothing. */
  memory?: RunMemory;
};

/** The limit that forbids a call. */
export type DeniedVerdict = Exclude<Verdict, { kind: "granted" }>;

/** A reply with its model and the output tokens that it could have (`most`: in any call), or the limit that forbids the call. */
export type AskResult =
  | { reply: RawReply; ref: ModelRef; limit: number; most: number | null }
  | { denied: DeniedVerdict };

/** A model that gave no reply, and why. */
export type FailedAsk = {
  ref: ModelRef;
  failure: CallFailure;
  /** The end of the provider's pause; only when the call was not made because of the pause. */
  retry_at?: string;
  /** What the refusal shows of an option that the request had. */
  taught?: Taught;
};

/** Milliseconds at the end of an attempt in which no model writes: what came is settled, and the attempt ends by itself. */
const endMs = 5_000;

/** `late` aborts shortly before the time of the attempt is over. */
type OwnTime = { late: AbortSignal };

const timeOf = ({ timeLeftMs }: AgentContext): AbortSignal => {
  const left = Math.max(0, timeLeftMs());
  return AbortSignal.timeout(Math.floor(left - Math.min(endMs, left / 10)));
};

const runCall = async (
  deps: AskDeps,
  agentContext: AgentContext,
  { ref, question, call, late }: Pick<AskedCall, "ref" | "question"> & OwnTime & { call: OpenCall },
  received: PartialReply,
): Promise<RawReply> => {
  const { systemFor, memory, sent, restore, leftOut, ...rest } = question;
  const reply = await callModel(
    {
      ...rest,
      ref,
      system: systemFor(ref),
      maxOutputTokens: call.maxOutputTokens,
      reserved: call.bounds,
      signal: AbortSignal.any([agentContext.signal, late]),
      silenceMs: deps.timeoutMs,
      onText: agentContext.stream({ agent_type: question.agent_type, call_id: call.call_id }),
    },
    received,
  );
  return restore(reply);
};

/** Gives the tokens of a failed call. Only of one that a content filter ended the provider's count is complete. */
const tokensOfFailure = (
  { bounds }: OpenCall,
  failure: CallFailure,
  received: PartialReply,
  cancelled: boolean,
) => {
  if (received.stage !== "sent" || (!cancelled && isFree(failure, received))) return noTokens;
  return failure.code === "content_filter" && received.tokens
    ? tokensOfEnd(bounds, received)
    : tokensOfUnknownEnd(bounds);
};

/** Learns from what a provider counts of a prompt, if it counts, and that can be. */
const learnRatio = (
  { ratios }: AskDeps,
  { ref, question }: Pick<AskedCall, "ref" | "question">,
  { tokens, estimated: isGuess }: BookedTokens,
): void => {
  if (isGuess) return;
  const text = question.systemFor(ref) + JSON.stringify(question.messages);
  ratios.learn(ref, { estimated: estimateTokens(text), reported: tokens.input_tokens });
};

/** Settles a call, and notes a count of tokens that was not believed. */
const settleCounted = async (
  { breaker }: AgentContext,
  { ref, call }: { ref: ModelRef; call: OpenCall },
  end: Parameters<OpenCall["settle"]>[0],
): Promise<void> => {
  await call.settle(end);
  const { doubt: reason } = end.booked;
  if (reason !== null) await breaker.doubt(ref.provider.name, { model: ref.model, reason });
};

/** Settles a call that failed or was cancelled. Throws the signal's reason when the run is aborted. */
const settleFailure = async (
  agentContext: AgentContext,
  { ref, call, failure }: { ref: ModelRef; call: OpenCall; failure: CallFailure },
  received: PartialReply,
): Promise<void> => {
  const cancelled = agentContext.signal.aborted;
  await agentContext.breaker.report(ref.provider.name, cancelled ? calledOff : failure);
  await settleCounted(
    agentContext,
    { ref, call },
    {
      outcome: cancelled ? "cancelled" : "failed",
      error_code: cancelled ? null : failure.code,
      said: cancelled ? null : failure.said || null,
      booked: tokensOfFailure(call, failure, received, cancelled),
    },
  );
  if (cancelled) throw agentContext.signal.reason;
};

const judge = (
  deps: AskDeps,
  { ref: { provider }, question, late }: AskedCall & OwnTime,
  error: unknown,
): CallFailure => {
  if (late.aborted && error === late.reason) return failureAs("too_slow");
  const over = overReservationIn(error);
  if (over) return unbounded(over);
  return failureOf(error, {
    now: deps.now().getTime(),
    rules: wires[provider.api].refusals,
    key: provider.api_key,
    prompt: question.messages,
  });
};

/** Asks in an open call, and settles it. Gives the surplus when the request is to be made again with more reserved for it. */
const runOpenCall = async (
  deps: AskDeps,
  agentContext: AgentContext,
  { ref, question, surplus }: AskedCall,
  call: OpenCall,
): Promise<AskResult | FailedAsk | { again: Surplus }> => {
  const received: PartialReply = { text: "", rest: "", tokens: null, stage: "unsent" };
  const late = timeOf(agentContext);
  let reply: RawReply;
  try {
    reply = await runCall(deps, agentContext, { ref, question, call, late }, received);
  } catch (error) {
    const again = agentContext.signal.aborted ? null : surplusOf(error, call.bounds, surplus);
    if (again) {
      await call.settle({ outcome: "cancelled", error_code: "not_made", booked: noTokens });
      return { again };
    }
    const failure = judge(deps, { ref, question, surplus, late }, error);
    await keepTranscriptOf(agentContext, { ref, question, call }, { received, failure });
    await settleFailure(agentContext, { ref, call, failure }, received);
    const taught = isFree(failure, received) ? readRefusal(error, question.sent) : null;
    return { ref, failure, ...(taught && { taught }) };
  }
  await agentContext.breaker.report(ref.provider.name, { ok: true, latency_ms: call.elapsed() });
  const booked = tokensOfEnd(call.bounds, received);
  const end = { outcome: "answered", error_code: null, booked } as const;
  await settleCounted(agentContext, { ref, call }, end);
  learnRatio(deps, { ref, question }, booked);
  await keepTranscriptOf(agentContext, { ref, question, call }, { reply });
  return { reply, ref, limit: call.maxOutputTokens, most: question.takes.max_output_tokens };
};

/**
 * Makes one model call: reserves its money, asks, reports the end to the circuit breaker, settles. Every end is reported, because
 * the call may be the breaker's probe. A request that turns out to be larger than what was reserved is not sent, but made once more.
 *
 * @throws the signal's reason when the run is aborted, and what `reserve` and `settle` throw
 */
export const callOnce = async (
  deps: AskDeps,
  agentContext: AgentContext,
  ref: ModelRef,
  question: FittedQuestion,
): Promise<AskResult | FailedAsk> => {
  let asked: AskedCall = { ref, question, surplus: noSurplus };
  for (;;) {
    const call = await openPaidCall(deps, agentContext, asked);
    if ("denied" in call) return call;
    const end = await runOpenCall(deps, agentContext, asked, call);
    if (!("again" in end)) return end;
    asked = { ...asked, surplus: end.again };
  }
};
