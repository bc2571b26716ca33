import { type Lesson, lessonOf } from "../../domain/budget/lessons.ts";
import { describeModel, type ModelRef } from "../../settings/providers.ts";
import type { AgentContext } from "../context.ts";
import { calledOff } from "./call-failure.ts";
import { fitQuestion } from "./fit-question.ts";
import {
  type AskDeps,
  type AskResult,
  callOnce,
  type FailedAsk,
  type ModelQuestion,
} from "./paid-call.ts";
import type { Taught } from "./refused-options.ts";
import { newRunMemory, type RunLesson, type RunMemory } from "./run-memory.ts";

/** Lessons of one question: a server that refuses more is asked no further. */
const maxLessons = 8;

type Asked = ModelQuestion & { memory: RunMemory };

/** What is done about an option that a model does not take, in words. */
const wordsFor: Readonly<Record<string, string>> = {
  schema: "no schema of the answer: the schema is in the prompt",
  schema_with_tools: "no schema of the answer beside tools: the schema is in the prompt",
  tools: "no tools: it is asked without them",
  temperature: "no temperature",
  reasoning_effort: "no such reasoning effort",
  parallel_tools: "no option about parallel tools",
  store: "no `store`",
  stream_options: "no `stream_options`",
  include: "no `include`",
  cache_control: "no marks for its cache",
};

const sentenceFor = (ref: ModelRef, taught: Taught): string => {
  const model = describeModel(ref);
  if ("tool" in taught) return `${model} does not take the tool ${taught.tool}: it is left out.`;
  const { option, takes } = taught;
  if (typeof takes === "number") return `${model} takes ${option} ${takes} at most.`;
  if (option === "output_limit") return `${model} takes \`${takes}\` as the limit of its answer.`;
  return `${model} takes ${wordsFor[option] ?? `no ${option}`}.`;
};

const leftOutSentence = (ref: ModelRef, name: string): string =>
  `The tool ${name} cannot be sent to ${describeModel(ref)}, as its input is no object: it is left out.`;

const say = async (
  { say: tell }: AgentContext,
  memory: RunMemory,
  sentence: string,
): Promise<void> => {
  if (memory.said.has(sentence)) return;
  memory.said.add(sentence);
  await tell(sentence);
};

/** Whether the same was learnt before: then it does not help. */
const isKnown = (memory: RunMemory, ref: ModelRef, taught: Taught): boolean =>
  "tool" in taught
    ? memory.refusedTools.has(`${describeModel(ref)} ${taught.tool}`)
    : memory.lessons.some(
        ({ provider, model, option, takes }) =>
          provider === ref.provider.name &&
          model === ref.model &&
          option === taught.option &&
          (typeof taught.takes !== "number" || takes === taught.takes),
      );

const keep = async (
  { agentContext, now }: { agentContext: AgentContext; now: string },
  memory: RunMemory,
  { ref, taught }: { ref: ModelRef; taught: Taught },
): Promise<void> => {
  if ("tool" in taught) {
    memory.refusedTools.add(`${describeModel(ref)} ${taught.tool}`);
    return;
  }
  const { option, takes, lasts } = taught;
  const learnt = { model: ref.model, option, takes };
  memory.lessons.push({ ...learnt, provider: ref.provider.name });
  if (lasts) await agentContext.breaker.learn(ref.provider.name, lessonOf(learnt, now));
};

const lessonsFor = (
  { provider }: ModelRef,
  remembered: readonly Lesson[],
  { lessons }: RunMemory,
): (Lesson | RunLesson)[] => [
  ...remembered,
  ...lessons.filter((lesson) => lesson.provider === provider.name),
];

/** Asks once. A question that no request can hold is not asked, and the breaker is told so. */
const askFitted = async (
  deps: AskDeps,
  agentContext: AgentContext,
  { ref, question, remembered }: { ref: ModelRef; question: Asked; remembered: readonly Lesson[] },
): Promise<AskResult | FailedAsk> => {
  const { memory } = question;
  const fitted = fitQuestion(ref, question, lessonsFor(ref, remembered, memory));
  if ("failure" in fitted) {
    await agentContext.breaker.report(ref.provider.name, calledOff);
    return { ref, failure: fitted.failure };
  }
  for (const name of fitted.leftOut) await say(agentContext, memory, leftOutSentence(ref, name));
  return callOnce(deps, agentContext, ref, fitted);
};

/**
 * Asks a model once, as it takes the question. What it refuses by name is left out from then on, told, and the question asked
 * again at once: a refused call costs nothing.
 *
 * @throws what callOnce throws
 */
export const askAndLearn = async (
  deps: AskDeps,
  agentContext: AgentContext,
  ref: ModelRef,
  question: ModelQuestion,
): Promise<AskResult | FailedAsk> => {
  const memory = question.memory ?? newRunMemory();
  const remembered = await agentContext.breaker.lessons(ref.provider.name);
  const asked = { ref, question: { ...question, memory }, remembered };
  for (let learnt = 0; ; learnt += 1) {
    const tried = await askFitted(deps, agentContext, asked);
    const taught = "failure" in tried ? tried.taught : undefined;
    if (!taught || learnt >= maxLessons || isKnown(memory, ref, taught)) return tried;
    await keep({ agentContext, now: deps.now().toISOString() }, memory, { ref, taught });
    await say(agentContext, memory, sentenceFor(ref, taught));
  }
};
