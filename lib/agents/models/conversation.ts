import { agentNames } from "../../catalog/load.ts";
import { budgetQuestion } from "../../domain/budget/budget.ts";
import { limitRef } from "../../domain/budget/limit.ts";
import { jsonByteLength } from "../../domain/json.ts";
import { AgentError, type AgentResult } from "../context.ts";
import type { RawReply } from "./call-model.ts";
import { type ConversationState, serializeState, transcriptOf } from "./conversation-state.ts";
import { fitMessages } from "./fit-messages.ts";
import {
  type CompleteContent,
  conflictIn,
  outputOf,
  type ReplyFormat,
  readReply,
} from "./model-reply.ts";
import type { AskResult, ModelQuestion } from "./paid-call.ts";
import { promptMessage } from "./prompt-cache.ts";
import { runTurn, type ToolScope, type Turn, toolMessage } from "./tool-turn.ts";

/** Bytes of the messages that are sent in one call. */
const maxSentBytes = 400_000;
/** Bytes for the messages after the prompt, however long the prompt is. */
const minSentBytes = 100_000;

/** Model replies in one run; then the run fails. */
const maxReplies = 24;
/** Characters of an invalid reply that are sent back with its problems. */
const maxRepairedCharacters = 40_000;

/** Is told what was mended by rule in an answer of a model (`provider/model`), in words for the log. */
export type OnMended = (model: string, mends: readonly string[]) => void;

export type Conversation = {
  /** The parts of the first message: the material, and the task. */
  prompt: readonly string[];
  ask: (question: Pick<ModelQuestion, "messages" | "purpose">) => Promise<AskResult>;
  scope: Omit<ToolScope, "turns">;
  format: ReplyFormat;
  /** Makes the whole content of what a reply holds; gives what is wrong in words for the model. */
  complete: (content: unknown) => Promise<CompleteContent | { problems: string }>;
  /** Whether the output is a tester's. */
  isTest: boolean;
  onMended: OnMended;
  purpose: ModelQuestion["purpose"];
};

const truncatedReplyProblem = "It was cut off at the limit of its length: answer again, shorter.";

const invalidReply = (problems: string) =>
  new AgentError("invalid_answer", `The model's answer does not meet its schema. ${problems}`, {
    retryable: true,
  });

const withRepair = (
  state: ConversationState,
  text: string,
  problems: string,
): ConversationState => {
  const repairPrompt = `The answer is not valid:\n${problems}\nAnswer again with the whole JSON object, corrected.`;
  return {
    ...state,
    repaired: true,
    messages: [
      ...state.messages,
      {
        role: "assistant",
        content: text.slice(0, maxRepairedCharacters).toWellFormed().trim() || "(nothing)",
      },
      { role: "user", content: repairPrompt },
    ],
  };
};

type Advance = { state: ConversationState } | { result: AgentResult };

const otherAgents = ({ request }: Conversation["scope"]): string[] =>
  agentNames.filter((type) => type !== request.task.agent_type);

/** Asks for a corrected reply, once. @throws AgentError `invalid_answer` the second time */
const repair = (state: ConversationState, reply: RawReply, found: string): Advance => {
  const problems = reply.finish === "length" ? `${found}\n${truncatedReplyProblem}` : found;
  if (state.repaired) throw invalidReply(problems);
  return { state: withRepair(state, reply.text, problems) };
};

const handleReply = async (
  { format, complete, isTest, scope, purpose, onMended }: Conversation,
  state: ConversationState,
  { reply, written_by }: { reply: RawReply; written_by: string },
): Promise<Advance> => {
  const read = readReply(format, reply.text);
  if ("problems" in read) return repair(state, reply, read.problems);
  if (read.mends.length > 0) onMended(written_by, read.mends);
  const conflict = conflictIn(read.reply, purpose === "mediation" ? [] : otherAgents(scope));
  if (conflict) return { result: { kind: "conflict", conflict } };
  const whole = await complete(read.reply.content);
  if ("problems" in whole) return repair(state, reply, whole.problems);
  const { content, edited_from } = whole;
  return { result: outputOf({ ...read.reply, content }, { isTest, written_by, edited_from }) };
};

const handleToolCalls = async (
  { scope }: Conversation,
  state: ConversationState,
  turn: Turn,
): Promise<Advance> => {
  const turns = [...state.turns, turn.key];
  const next = await runTurn({ ...scope, turns }, turn, (done) =>
    scope.agentContext.checkpoint(serializeState({ ...state, turn: done })),
  );
  if (next.pending) {
    const { question, options } = next.pending;
    return {
      result: {
        kind: "question",
        question,
        options,
        transcript: transcriptOf({ ...state, turn: next }),
      },
    };
  }
  const messages = [...state.messages, toolMessage(next)];
  return { state: { ...state, turn: null, turns, repaired: false, messages } };
};

const askAboutLimit = (
  result: Extract<AskResult, { denied: unknown }>,
  state: ConversationState,
): Advance => {
  const { kind, limit } = result.denied;
  return {
    result: {
      kind: "budget",
      question: budgetQuestion(kind, limit),
      about: { kind, ...limitRef(limit) },
      transcript: transcriptOf(state),
    },
  };
};

const purposeOf = ({ purpose }: Conversation, { repaired, replies }: ConversationState) => {
  if (purpose === "mediation") return purpose;
  if (repaired) return "repair" as const;
  return replies > 0 ? ("tools" as const) : purpose;
};

/** Gives a key that differs between attempts, after each ruling, and for the mediator. */
const conversationKey = ({ request }: Conversation["scope"]): string => {
  const { task, rulings, mediates } = request;
  return `${task.attempt}.${rulings.length}${mediates ? "m" : ""}`;
};

/**
 * Does the open tool turn, or else asks the model once.
 *
 * @param repliesBefore number of model replies in earlier runs
 */
const advance = async (
  conversation: Conversation,
  state: ConversationState,
  repliesBefore: number,
): Promise<Advance> => {
  if (state.turn) return handleToolCalls(conversation, state, state.turn);
  if (state.replies - repliesBefore >= maxReplies) {
    const message = `No result after ${maxReplies} answers of models.`;
    throw new AgentError("too_many_calls", message, { retryable: false });
  }
  const prompt = promptMessage(conversation.prompt);
  const messages = [
    prompt,
    ...fitMessages(state.messages, Math.max(minSentBytes, maxSentBytes - jsonByteLength(prompt))),
  ];
  const result = await conversation.ask({ messages, purpose: purposeOf(conversation, state) });
  if ("denied" in result) return askAboutLimit(result, state);
  const { reply, ref } = result;
  const counted = { ...state, replies: state.replies + 1 };
  if (reply.calls.length > 0) {
    const assistantMessages = reply.messages.filter(({ role }) => role !== "tool");
    const key = `${conversationKey(conversation.scope)}:${counted.replies}`;
    const turn = { key, calls: reply.calls, results: [], pending: null };
    return { state: { ...counted, messages: [...state.messages, ...assistantMessages], turn } };
  }
  return handleReply(conversation, counted, {
    reply,
    written_by: `${ref.provider.name}/${ref.model}`,
  });
};

/**
 * Talks with a model until it gives a result, asks a person, or a limit forbids the next call.
 *
 * @throws AgentError `invalid_answer` (retryable) for a second invalid reply, `too_many_calls` after 24 replies, `too_long`
 * (retryable) when the conversation is too large to wait for a person, and what `ask` throws
 * @throws the signal's reason when the run is aborted
 */
export const converse = async (
  conversation: Conversation,
  start: ConversationState,
): Promise<AgentResult> => {
  let step: Advance = { state: start };
  while ("state" in step) step = await advance(conversation, step.state, start.replies);
  return step.result;
};
