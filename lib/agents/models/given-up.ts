import * as z from "zod";
import { describeModel, type ModelRef } from "../../settings/providers.ts";

/** A model that a task does without, and why. */
export const GivenUp = z.object({
  /** `provider/model`. */
  model: z.string(),
  /** The code of its failure, or of its bad answers. */
  code: z.string(),
  /** The reason in words for a person. */
  because: z.string(),
  /** The attempt in which it was given up. */
  attempt: z.int(),
});
export type GivenUp = z.infer<typeof GivenUp>;

/** What is wrong with answers that came, by code, in words for a person. No provider is blamed for them. */
const badAnswers = {
  invalid_answer: "its answers do not meet the schema",
  cut_off: "its answers are cut off at the limit of their length",
  output_too_large: "its answers are larger than an artifact may be",
  tool_loop: "it calls tools again and again without any use",
} as const satisfies Record<string, string>;
export type BadAnswer = keyof typeof badAnswers;

/** Whether answers came, which were bad: as opposed to a failure of the provider. */
export const isBadAnswer = ({ code }: Pick<GivenUp, "code">): boolean =>
  Object.hasOwn(badAnswers, code);

/** A code of models that were silent, and may not be the next time. */
const silence = "timeout";

/** Characters of a reason. */
const maxReasonCharacters = 300;

/** Gives a model up because of its bad answers. */
export const giveUp = (
  code: BadAnswer,
  { model, problems, attempt }: { model: string; problems: string; attempt: number },
): GivenUp => {
  const because = [badAnswers[code], problems].filter((text) => text).join(": ");
  return { model, code, because: because.slice(0, maxReasonCharacters), attempt };
};

/** The models that an agent asks, in its order. */
export type Chains = {
  usual: readonly ModelRef[];
  /** Those that are asked first after a failed attempt or a bad answer. */
  retry: readonly ModelRef[];
};

/** Lists all models of a conversation in the order that the agent wishes now. */
export const chainNow = (
  { usual, retry }: Chains,
  { given_up, isRetry }: { given_up: readonly GivenUp[]; isRetry: boolean },
): readonly ModelRef[] => {
  if (!isRetry && !given_up.some(isBadAnswer)) return usual;
  const all = [...retry, ...usual];
  return all.filter(
    (ref, index) => all.findIndex((other) => describeModel(other) === describeModel(ref)) === index,
  );
};

type Choice = {
  given_up: readonly GivenUp[];
  attempt: number;
  /** The model of the last reply, which is asked again; null when there was none. */
  model: string | null;
};

/**
 * Puts the models of a chain in the order in which they are asked now. Those that this attempt gave up are left out. Those of
 * earlier attempts are left out while there are others, but for silent ones, which come last; when there are no others, they
 * begin anew from the last one.
 */
export const orderChain = (
  chain: readonly ModelRef[],
  { given_up, attempt, model }: Choice,
): readonly ModelRef[] => {
  const latestOf = (ref: ModelRef) =>
    given_up.findLast((each) => each.model === describeModel(ref));
  const left = chain.filter((ref) => latestOf(ref)?.attempt !== attempt);
  const fresh = left.filter((ref) => !latestOf(ref));
  if (fresh.length === 0) return left.toReversed();
  const last = fresh.filter((ref) => describeModel(ref) === model);
  const silent = left.filter((ref) => latestOf(ref)?.code === silence);
  return [...new Set([...last, ...fresh, ...silent])];
};
