import type { ModelMessage } from "ai";
import { capabilitiesOf } from "../../settings/capabilities.ts";
import { describeModel, type ModelRef } from "../../settings/providers.ts";
import type { AgentContext } from "../context.ts";
import { askAndLearn } from "./ask-and-learn.ts";
import { type CallFailure, circuitOpen, failureAs } from "./call-failure.ts";
import type { RawReply } from "./call-model.ts";
import { maxPauseMs } from "./chain-failure.ts";
import type { AskDeps, AskResult, FailedAsk, ModelQuestion } from "./paid-call.ts";
import { estimateTokens } from "./tokens.ts";

/** A question whose context can be made shorter, for models that take less. */
export type ChainQuestion = Omit<ModelQuestion, "messages"> & {
  /** Writes the messages; each step of `shrink` makes the context four times shorter. */
  messagesFor: (shrink: number) => readonly ModelMessage[];
  /** The first step that is tried. */
  shrink: number;
};

/** How a chain was asked. `failed` are the models that did not reply. */
export type ChainResult =
  | { denied: Extract<AskResult, { denied: unknown }>["denied"] }
  | { failed: FailedAsk[] }
  | {
      reply: RawReply;
      ref: ModelRef;
      /** Output tokens that the reply could have. */
      limit: number;
      /** Output tokens that any reply of the model can have; null when that is not known. */
      most: number | null;
      /** The step at which the model took the context. */
      shrink: number;
      failed: FailedAsk[];
    };

/** Retries of one model: after 1, 2 and 4 s when `retryBaseMs` is 1 000. */
const maxRetries = 3;
/** Each silent call takes minutes of the attempt's time, so only the last model of the chain is asked again. */
const maxRetriesOfSilence = (isLast: boolean) => (isLast ? 1 : 0);
/** A provider that asks for a longer wait is left, and the next model is asked. */
const maxWaitMs = 20_000;
/** Steps by which a context is made shorter. */
const maxShrink = 3;

const waitFor = (deps: AskDeps, round: number, { retry_after_ms }: CallFailure) =>
  Math.max(retry_after_ms, deps.retryBaseMs * 2 ** round);

/** A model of the chain, in its turn. */
type Candidate = {
  ref: ModelRef;
  question: ChainQuestion;
  isLast: boolean;
  /** A model that comes later takes more: it is asked rather than this one with a shorter context. */
  hasRoomier: boolean;
};

/** Whether an answer's room counts as a part of what the model takes: then the room is made smaller, too. */
const countsOutput = ({ said }: CallFailure): boolean =>
  /max_(?:completion_|new_)?tokens|completion|output/i.test(said);

const questionAt = (
  { question }: Candidate,
  { shrink, outputShrink }: { shrink: number; outputShrink: number },
): ModelQuestion => {
  const { messagesFor, shrink: _, ...rest } = question;
  const maxOutputTokens = Math.max(1, Math.floor(question.maxOutputTokens / 4 ** outputShrink));
  return { ...rest, messages: messagesFor(shrink), maxOutputTokens };
};

/** Whether a question is known to be longer than the model takes. */
const isTooLong = (ref: ModelRef, { systemFor, messages }: ModelQuestion): boolean => {
  const most = capabilitiesOf(ref).max_input_tokens;
  if (most === null) return false;
  return estimateTokens(systemFor(ref) + JSON.stringify(messages)) > most;
};

/** Whether a shorter context may help after this end, and no other model is to be asked first. */
const mayShorten = (
  { hasRoomier }: Candidate,
  result: AskResult | FailedAsk,
  shrink: number,
): result is FailedAsk =>
  "failure" in result &&
  (result.failure.code === "too_long" || result.failure.code === "too_large") &&
  !hasRoomier &&
  shrink < maxShrink;

/** Finds the next step that makes the context shorter; null when none does: the same once more would be refused once more. */
const nextShrink = ({ messagesFor }: ChainQuestion, shrink: number): number | null => {
  const lengthAt = (step: number) => JSON.stringify(messagesFor(step)).length;
  const later = Array.from({ length: maxShrink - shrink }, (_, index) => shrink + 1 + index);
  return later.find((step) => lengthAt(step) < lengthAt(shrink)) ?? null;
};

type OneAsked = { result: AskResult | FailedAsk; shrink: number };

/** Calls a model until it replies, or until a retry cannot help. */
const askWithRetries = async (
  deps: AskDeps,
  agentContext: AgentContext,
  { ref, isLast }: Candidate,
  question: ModelQuestion,
): Promise<AskResult | FailedAsk> => {
  for (let round = 0; ; round += 1) {
    const admitted = await agentContext.breaker.admit(ref.provider.name);
    if (!admitted.allowed) {
      const { retry_at, because } = admitted;
      return { ref, failure: circuitOpen(retry_at, because), retry_at };
    }
    const tried = await askAndLearn(deps, agentContext, ref, question);
    if (!("failure" in tried)) return tried;
    const { failure } = tried;
    const wait = waitFor(deps, round, failure);
    const maxRounds = failure.code === "timeout" ? maxRetriesOfSilence(isLast) : maxRetries;
    if (!failure.retryable || round >= maxRounds || wait > maxWaitMs) return { ref, failure };
    await agentContext.sleep(wait);
  }
};

/** Asks one model of the chain, with a shorter context where it does not take the whole. */
const askModel = async (
  deps: AskDeps,
  agentContext: AgentContext,
  candidate: Candidate,
): Promise<OneAsked> => {
  const { ref } = candidate;
  let outputShrink = 0;
  let { shrink } = candidate.question;
  for (;;) {
    const question = questionAt(candidate, { shrink, outputShrink });
    const result = isTooLong(ref, question)
      ? { ref, failure: failureAs("too_long") }
      : await askWithRetries(deps, agentContext, candidate, question);
    if (!mayShorten(candidate, result, shrink)) return { result, shrink };
    const { failure } = result;
    const isCounted = countsOutput(failure);
    const next = nextShrink(candidate.question, shrink) ?? (isCounted ? shrink + 1 : null);
    if (next === null) return { result, shrink };
    shrink = next;
    outputShrink += Number(isCounted);
    await agentContext.say(
      `${describeModel(ref)} (${failure.code}): asking with a shorter context.`,
    );
  }
};

const maxInputOf = (ref: ModelRef): number => capabilitiesOf(ref).max_input_tokens ?? 0;

const askChain = async (
  deps: AskDeps,
  agentContext: AgentContext,
  chain: readonly ModelRef[],
  question: ChainQuestion,
): Promise<ChainResult> => {
  const failed: FailedAsk[] = [];
  for (const [index, ref] of chain.entries()) {
    const before = failed.at(-1);
    if (before) {
      const from = `${describeModel(before.ref)} (${before.failure.code})`;
      await agentContext.say(`${from} does not answer: asking ${describeModel(ref)}.`);
    }
    const later = chain.slice(index + 1);
    const hasRoomier = later.some((other) => maxInputOf(other) > maxInputOf(ref));
    const isLast = later.length === 0;
    const asked = await askModel(deps, agentContext, { ref, question, isLast, hasRoomier });
    const { result, shrink } = asked;
    if ("denied" in result) return result;
    if ("reply" in result) return { ...result, shrink, failed };
    failed.push(result);
    // Nothing can be done in the time that is left: the next attempt begins with another model.
    if (result.failure.code === "too_slow") break;
  }
  return { failed };
};

/** Gives the milliseconds until the first circuit breaker may close; null after any other failure, or for more than 60 s. */
const circuitWait = (deps: AskDeps, failed: readonly FailedAsk[]): number | null => {
  const times = failed.map(({ retry_at }) => (retry_at ? Date.parse(retry_at) : Number.NaN));
  if (times.length === 0 || times.some(Number.isNaN)) return null;
  const wait = Math.min(...times) - deps.now().getTime();
  return wait <= maxPauseMs ? Math.max(0, wait) : null;
};

/**
 * Asks the models of a chain, one after another, until one replies. Each is asked up to four times, with waits of 1, 2 and 4 s
 * between; a model whose circuit breaker is open is left out. Each call is paid for.
 *
 * @returns the reply, the limit that forbids the call, or the failures of all models
 * @throws the signal's reason when the run is aborted
 */
export const askModels = async (
  deps: AskDeps,
  agentContext: AgentContext,
  chain: readonly ModelRef[],
  question: ChainQuestion,
): Promise<ChainResult> => {
  const first = await askChain(deps, agentContext, chain, question);
  if ("reply" in first || "denied" in first) return first;
  const wait = circuitWait(deps, first.failed);
  if (wait === null) return first;
  await agentContext.say(`Every model's circuit is open: waiting ${Math.ceil(wait / 1_000)} s.`);
  await agentContext.sleep(wait);
  return askChain(deps, agentContext, chain, question);
};
