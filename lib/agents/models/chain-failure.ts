import { describeModel } from "../../settings/providers.ts";
import { AgentError } from "../context.ts";
import { type GivenUp, isBadAnswer } from "./given-up.ts";
import type { FailedAsk } from "./paid-call.ts";

/** A pause of all providers that is waited for, within an attempt or before the next one. */
export const maxPauseMs = 60_000;

/** Whether an attempt a minute later may succeed: no provider asks for a longer wait. */
const mayHelpSoon = ({ failure, retry_at }: FailedAsk, now: Date): boolean => {
  const paused = retry_at ? Date.parse(retry_at) - now.getTime() : 0;
  return failure.retryable && Math.max(paused, failure.retry_after_ms) <= maxPauseMs;
};

/** Codes of failures that last for the task: its model is not asked again. */
const isLasting = ({ failure }: FailedAsk): boolean =>
  failure.fault !== "provider" ? !failure.retryable : failure.code === "timeout";

/** Lists the models that a task does without from now on, because they did not answer. */
export const lastingFailures = (failed: readonly FailedAsk[], attempt: number): GivenUp[] =>
  failed.filter(isLasting).map(({ ref, failure }) => ({
    model: describeModel(ref),
    code: failure.code,
    because: failure.because,
    attempt,
  }));

type Exhausted = {
  /** The models that this attempt gave up. */
  given_up: readonly GivenUp[];
  /** Those that did not answer in the end. */
  failed: readonly FailedAsk[];
  /** Models in the chain. */
  count: number;
  now: Date;
};

/** Another try of the only model may cure an invalid answer; of several models, each was tried. */
const mayBeCured = ({ given_up, failed, count, now }: Exhausted): boolean =>
  failed.some((each) => mayHelpSoon(each, now)) ||
  given_up.some(({ code }) => code === "timeout") ||
  (given_up.some(({ code }) => code === "too_slow") && given_up.length < count) ||
  (count === 1 && given_up.some(({ code }) => code === "invalid_answer"));

/**
 * Makes the error of a chain of which no model is left. Its message names each with its kind, for the person; its cause quotes the
 * providers, for the log.
 */
export const chainFailure = (exhausted: Exhausted): AgentError => {
  const { given_up, failed } = exhausted;
  const others = failed.filter(({ ref }) =>
    given_up.every(({ model }) => model !== describeModel(ref)),
  );
  const reasons = [
    ...given_up,
    ...others.map(({ ref, failure }) => ({ ...failure, model: describeModel(ref) })),
  ].map(({ model, code, because }) => `${model}: ${code} (${because})`);
  const bad = given_up.filter(isBadAnswer);
  const [first = null] = bad;
  const code = first && bad.length === reasons.length ? first.code : "models_unavailable";
  const title = first ? "No model gave an answer that can be used." : "No model answered.";
  const said = failed.map(({ ref, failure }) => `${describeModel(ref)}: ${failure.said}`);
  return new AgentError(code, `${title} ${reasons.join("; ")}`, {
    retryable: mayBeCured(exhausted),
    cause: new Error(said.join("; ")),
  });
};
