import type { ToolSet } from "ai";
import type { Lesson } from "../../domain/budget/lessons.ts";
import { Capabilities, capabilitiesOf } from "../../settings/capabilities.ts";
import { describeModel, type ModelRef } from "../../settings/providers.ts";
import { type CallFailure, calledOff } from "./call-failure.ts";
import type { ModelQuestion } from "./paid-call.ts";
import type { SentOptions } from "./read-refusal.ts";
import type { RunMemory } from "./run-memory.ts";

/** A question as one model takes it. */
export type FittedQuestion = ModelQuestion & {
  takes: Capabilities;
  /** Whether the schema of the answer goes into a field of its own. */
  schemaField: boolean;
  /** What a refusal can be about. */
  sent: SentOptions;
};

type Learnt = Pick<Lesson, "model" | "option" | "takes">;

const Some = Capabilities.partial();

/** Gives what a model takes, by the table, the settings, and what was learnt, the newest last. A lesson that makes no sense is left out. */
const takesOf = (ref: ModelRef, lessons: readonly Learnt[]): Capabilities => {
  const learnt = lessons
    .filter(({ model }) => model === ref.model.slice(0, 200))
    .map(({ option, takes }) => Some.safeParse({ [option]: takes }).data);
  return Object.assign({ ...capabilitiesOf(ref) }, ...learnt);
};

const tooManyTools = (ref: ModelRef, count: number, most: number, agent: string): CallFailure => ({
  ...calledOff,
  code: "too_many_tools",
  retryable: false,
  because: `it takes at most ${most} of the agent's ${count} tools: list fewer under \`tools\` in the file of the agent ${agent}, single ones as mcp:<server>/<tool>`,
  said: `${describeModel(ref)} takes ${most} tools of ${count}.`,
});

/** Leaves out all tools where a model takes none, and those that its provider has refused. */
const toolsFor = (
  ref: ModelRef,
  tools: ToolSet,
  { takes, memory }: { takes: Capabilities; memory: RunMemory | undefined },
): ToolSet =>
  Object.fromEntries(
    Object.entries(tools).filter(
      ([name]) => takes.tools && !memory?.refusedTools.has(`${describeModel(ref)} ${name}`),
    ),
  );

const takesSchema = ({ schema, schema_with_tools }: Capabilities, tools: ToolSet): boolean =>
  schema && (schema_with_tools || Object.keys(tools).length === 0);

/**
 * Makes a question one that a model takes: what it does not take is left out, or said in the prompt.
 *
 * @returns the failure when it cannot be made so
 */
export const fitQuestion = (
  ref: ModelRef,
  question: ModelQuestion,
  lessons: readonly Learnt[],
): FittedQuestion | { failure: CallFailure } => {
  const takes = takesOf(ref, lessons);
  const tools = toolsFor(ref, question.tools, { takes, memory: question.memory });
  const names = Object.keys(tools);
  const { max_tools, max_output_tokens } = takes;
  if (max_tools !== null && names.length > max_tools) {
    return { failure: tooManyTools(ref, names.length, max_tools, question.agent_type) };
  }
  const schemaField = takesSchema(takes, tools);
  const maxOutputTokens = Math.min(
    question.maxOutputTokens,
    max_output_tokens ?? question.maxOutputTokens,
  );
  const temperature = takes.temperature ? question.temperature : undefined;
  return {
    ...question,
    tools,
    takes,
    schemaField,
    maxOutputTokens,
    temperature,
    systemFor: (model) => question.systemFor(model, !schemaField),
    sent: {
      takes,
      schema: schemaField,
      temperature: temperature !== undefined,
      reasoning_effort: false,
      tools: names,
      maxOutputTokens,
    },
  };
};
