import { describeModel, type ModelRef } from "../../settings/providers.ts";
import { type AgentContext, AgentError } from "../context.ts";
import { askAndLearn } from "./ask-and-learn.ts";
import { type CallFailure, circuitOpen } from "./call-failure.ts";
import type { AskDeps, AskResult, FailedAsk, ModelQuestion } from "./paid-call.ts";

/** Retries of one model: after 1, 2 and 4 s when `retryBaseMs` is 1 000. */
const maxRetries = 3;
/** Each silent call takes minutes of the attempt's time, so only the last model of the chain is asked again. */
const maxRetriesOfSilence = (isLast: boolean) => (isLast ? 1 : 0);
/** A provider that asks for a longer wait is left, and the next model is asked. */
const maxWaitMs = 20_000;
/** Longest wait for the first circuit breaker to close, when all are open. */
const maxCircuitMs = 60_000;

const waitFor = (deps: AskDeps, round: number, { retry_after_ms }: CallFailure) =>
  Math.max(retry_after_ms, deps.retryBaseMs * 2 ** round);

/** Asks one model of the chain until it replies, or until a retry cannot help. */
const askModel = async (
  deps: AskDeps,
  agentContext: AgentContext,
  { ref, question, isLast }: { ref: ModelRef; question: ModelQuestion; isLast: boolean },
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

const logTextOf = ({ ref, failure }: FailedAsk) => `${describeModel(ref)}: ${failure.said}`;

/** Whether an attempt a minute later may succeed: no provider asks for a longer wait. */
const mayHelpSoon = (deps: AskDeps, { failure, retry_at }: FailedAsk): boolean => {
  const paused = retry_at ? Date.parse(retry_at) - deps.now().getTime() : 0;
  return failure.retryable && Math.max(paused, failure.retry_after_ms) <= maxCircuitMs;
};

/** Makes the error. Its message names the kinds of failure for the person; its cause quotes the providers for the log. */
const unavailable = (deps: AskDeps, tried: readonly FailedAsk[]): AgentError => {
  const parts = tried.map(
    ({ ref, failure }) => `${describeModel(ref)}: ${failure.code} (${failure.because})`,
  );
  const retryable = tried.some((each) => mayHelpSoon(deps, each));
  const cause = new Error(tried.map(logTextOf).join("; "));
  const message = `No model answered. ${parts.join("; ")}`;
  return new AgentError("models_unavailable", message, { retryable, cause });
};

const askChain = async (
  deps: AskDeps,
  agentContext: AgentContext,
  chain: readonly ModelRef[],
  question: ModelQuestion,
): Promise<AskResult | FailedAsk[]> => {
  const tried: FailedAsk[] = [];
  for (const [index, ref] of chain.entries()) {
    const before = tried.at(-1);
    if (before) {
      const from = `${describeModel(before.ref)} (${before.failure.code})`;
      await agentContext.say(`${from} does not answer: asking ${describeModel(ref)}.`);
    }
    const isLast = index === chain.length - 1;
    const asked = await askModel(deps, agentContext, { ref, question, isLast });
    if (!("failure" in asked)) return asked;
    tried.push(asked);
  }
  return tried;
};

/** Gives the milliseconds until the first circuit breaker may close; null after any other failure, or for more than 60 s. */
const circuitWait = (deps: AskDeps, tried: readonly FailedAsk[]): number | null => {
  const times = tried.map(({ retry_at }) => (retry_at ? Date.parse(retry_at) : Number.NaN));
  if (times.some(Number.isNaN)) return null;
  const wait = Math.min(...times) - deps.now().getTime();
  return wait <= maxCircuitMs ? Math.max(0, wait) : null;
};

/**
 * Asks the models of a chain, one after another, until one replies. Each is asked up to four times, with waits of 1, 2 and 4 s
 * between; a model whose circuit breaker is open is left out. Each call is paid for.
 *
 * @returns the reply, or the limit that forbids the call
 * @throws AgentError `models_unavailable` when no model replied
 * @throws the signal's reason when the run is aborted
 */
export const askModels = async (
  deps: AskDeps,
  agentContext: AgentContext,
  chain: readonly ModelRef[],
  question: ModelQuestion,
): Promise<AskResult> => {
  const first = await askChain(deps, agentContext, chain, question);
  if (!Array.isArray(first)) return first;
  const wait = circuitWait(deps, first);
  if (wait === null) throw unavailable(deps, first);
  await agentContext.say(`Every model's circuit is open: waiting ${Math.ceil(wait / 1_000)} s.`);
  await agentContext.sleep(wait);
  const second = await askChain(deps, agentContext, chain, question);
  if (Array.isArray(second)) throw unavailable(deps, second);
  return second;
};
