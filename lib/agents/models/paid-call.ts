import type { ModelMessage, ToolSet } from "ai";
import type { Verdict } from "../../domain/budget/budget.ts";
import type { Tokens } from "../../domain/budget/ledger.ts";
import type { AgentType } from "../../domain/project/agent.ts";
import { costOf, type OwnPrices } from "../../settings/prices.ts";
import type { ModelRef } from "../../settings/providers.ts";
import type { AgentTools } from "../context.ts";
import type { AnswerFormat } from "./answer.ts";
import {
  type Ending,
  type Estimate,
  estimate,
  isFree,
  leastOutputTokens,
  outputFor,
  settled,
  tokensOf,
  tokensOfSilence,
  used,
} from "./call-cost.ts";
import { type CallFailure, failureOf } from "./call-failure.ts";
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

const reserve = (
  tools: AgentTools,
  ref: ModelRef,
  question: Question,
  { price, input }: Estimate,
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

/** The breaker hears of every end: who was admitted might be the one that tries. */
const tell = (tools: AgentTools, { provider }: ModelRef, failure: CallFailure) =>
  tools.breaker.report(provider.name, {
    ok: false,
    code: failure.blames_provider ? failure.code : "bad_request",
    ...(failure.retry_after_ms !== undefined && { retry_after_ms: failure.retry_after_ms }),
    ...(failure.opens && { opens: true }),
  });

const tellCalledOff = (tools: AgentTools, { provider }: ModelRef) =>
  tools.breaker.report(provider.name, { ok: false, code: "aborted" });

export type Try = Asked | { failure: CallFailure };

/** A call whose money is reserved, and how it is settled. */
type Paid = {
  call_id: string;
  about: Estimate;
  /** What the money that was granted buys. */
  maxOutputTokens: number;
  /** Milliseconds since the money was there. */
  elapsed: () => number;
  settle: (ending: Ending) => Promise<void>;
};

const pay = async (
  deps: AskDeps,
  tools: AgentTools,
  ref: ModelRef,
  question: Question,
): Promise<Paid | { stopped: Stopped }> => {
  const about = estimate(deps.prices, ref, question);
  const { call_id, verdict } = await reserve(tools, ref, question, about);
  if (verdict.kind !== "granted") return { stopped: verdict };
  const started = deps.now().getTime();
  const elapsed = () => deps.now().getTime() - started;
  return {
    call_id,
    about,
    maxOutputTokens: outputFor(about, verdict.amount, question.maxOutputTokens),
    elapsed,
    settle: (ending) => {
      const { purpose } = question;
      const call = settled(about, ending, { purpose, duration_ms: elapsed() });
      return tools.spend.settle(call_id, call);
    },
  };
};

const give = (
  deps: AskDeps,
  tools: AgentTools,
  { ref, question, paid }: { ref: ModelRef; question: Question; paid: Paid },
  received: Received,
): Promise<Reply> => {
  const { systemFor, ...rest } = question;
  return callModel(
    {
      ...rest,
      ref,
      system: systemFor(ref),
      maxOutputTokens: paid.maxOutputTokens,
      signal: tools.signal,
      silenceMs: deps.timeoutMs,
      onText: tools.stream({ agent_type: question.agent_type, call_id: paid.call_id }),
    },
    received,
  );
};

const tokensOfEnd = (
  { about, maxOutputTokens }: Paid,
  received: Received,
  { free, silent }: { free: boolean; silent: boolean },
): Tokens => {
  if (free) return used(0, 0);
  return silent ? tokensOfSilence(about, maxOutputTokens) : tokensOf(about, received);
};

/** Settles a call that came to nothing; when the run is over, so is this. */
const onBroken = async (
  tools: AgentTools,
  { ref, paid, failure }: { ref: ModelRef; paid: Paid; failure: CallFailure },
  received: Received,
): Promise<void> => {
  const cancelled = tools.signal.aborted;
  const free = !cancelled && isFree(failure, received);
  // What a provider counts of an answer that broke off is not all of it.
  const known = failure.code === "content_filter" ? received : { ...received, tokens: null };
  await (cancelled ? tellCalledOff(tools, ref) : tell(tools, ref, failure));
  await paid.settle({
    outcome: cancelled ? "cancelled" : "failed",
    error_code: cancelled ? null : failure.code,
    tokens: tokensOfEnd(paid, known, { free, silent: failure.code === "timeout" && !cancelled }),
    estimated: !free && !known.tokens,
  });
  if (cancelled) throw tools.signal.reason;
};

/** One paid call. */
export const tryOnce = async (
  deps: AskDeps,
  tools: AgentTools,
  ref: ModelRef,
  question: Question,
): Promise<Try> => {
  const paid = await pay(deps, tools, ref, question).catch(async (error: unknown) => {
    await tellCalledOff(tools, ref);
    throw error;
  });
  if ("stopped" in paid) {
    await tellCalledOff(tools, ref);
    return paid;
  }
  const received: Received = { text: "", rest: "", tokens: null };
  let reply: Reply;
  try {
    reply = await give(deps, tools, { ref, question, paid }, received);
  } catch (error) {
    const failure = failureOf(error, deps.now().getTime());
    await onBroken(tools, { ref, paid, failure }, received);
    return { failure };
  }
  const tokens = reply.tokens ?? tokensOf(paid.about, received);
  const ending = {
    outcome: "answered",
    error_code: null,
    tokens,
    estimated: !reply.tokens,
  } as const;
  await tools.breaker.report(ref.provider.name, { ok: true, latency_ms: paid.elapsed() });
  await paid.settle(ending);
  return { reply, ref };
};
