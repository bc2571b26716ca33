import type { ModelMessage, ToolSet } from "ai";
import type { Lesson } from "../../domain/budget/lessons.ts";
import { wellFormed } from "../../domain/json.ts";
import { Capabilities, capabilitiesOf } from "../../settings/capabilities.ts";
import { describeModel, type ModelRef } from "../../settings/providers.ts";
import type { FittedTool } from "../tool-schemas/fit-tool.ts";
import { type CallFailure, calledOff } from "./call-failure.ts";
import type { RawReply } from "./call-model.ts";
import { cleanMessages, sayable } from "./clean-messages.ts";
import { fitTools } from "./fit-tools.ts";
import type { ModelQuestion } from "./paid-call.ts";
import type { SentOptions } from "./refused-options.ts";
import { newRunMemory } from "./run-memory.ts";

/** A question as one model takes it. */
export type FittedQuestion = ModelQuestion & {
  takes: Capabilities;
  /** Whether the schema of the answer goes into a field of its own. */
  schemaField: boolean;
  /** Names of tools that cannot be sent. */
  leftOut: readonly string[];
  /** Gives the inputs of a reply's tool calls the names of the tools' own schemas. */
  restore: (reply: RawReply) => RawReply;
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

const takesSchema = ({ schema, schema_with_tools }: Capabilities, tools: ToolSet): boolean =>
  schema && (schema_with_tools || Object.keys(tools).length === 0);

const restoredMessage = (
  message: ModelMessage,
  fitted: ReadonlyMap<string, FittedTool>,
): ModelMessage => {
  if (message.role !== "assistant" || typeof message.content === "string") return message;
  const content = message.content.map((part) =>
    part.type === "tool-call"
      ? { ...part, input: fitted.get(part.toolName)?.inputFrom(part.input) ?? part.input }
      : part,
  );
  return { ...message, content };
};

const restored = (reply: RawReply, fitted: ReadonlyMap<string, FittedTool>): RawReply => ({
  ...reply,
  calls: reply.calls.map((call) => ({
    ...call,
    input: fitted.get(call.name)?.inputFrom(call.input) ?? call.input,
  })),
  messages: reply.messages.map((message) => restoredMessage(message, fitted)),
});

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
  const memory = question.memory ?? newRunMemory();
  const { tools, fitted, leftOut } = fitTools(ref, question.tools, { takes, memory });
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
  const reasoningEffort = takes.reasoning_effort ? question.reasoningEffort : undefined;
  return {
    ...question,
    messages: cleanMessages(question.messages, { fitted, hasTools: names.length > 0 }),
    format: { ...question.format, json: wellFormed(question.format.json) },
    tools,
    leftOut,
    restore: (reply) => restored(reply, fitted),
    takes,
    schemaField,
    maxOutputTokens,
    temperature,
    reasoningEffort,
    systemFor: (model) => sayable(question.systemFor(model, !schemaField)),
    sent: {
      takes,
      schema: schemaField,
      temperature: temperature !== undefined,
      reasoning_effort: reasoningEffort !== undefined,
      tools: names,
      maxOutputTokens,
    },
  };
};
