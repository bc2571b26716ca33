import { describeModel } from "../../settings/providers.ts";
import { AgentError, type AgentResult } from "../context.ts";
import type { ChainResult } from "./ask-models.ts";
import type { RawReply } from "./call-model.ts";
import { handleReply } from "./conversation-answer.ts";
import { type Advance, askNext, type Conversation, changeModel } from "./conversation-models.ts";
import {
  type ConversationState,
  serializeState,
  startedOver,
  transcriptOf,
} from "./conversation-state.ts";
import { runTurn, type Turn, toolMessage } from "./tool-turn.ts";
import { isWasted } from "./wasted-turn.ts";

/** Model replies in one run; then the run fails. */
const maxReplies = 24;
/** Tool turns in a row that bring nothing; then the next model is asked. */
const maxWasted = 3;

const sameAgain =
  "These calls brought nothing new: their results are above. Go on with another tool, or answer.";

/** Goes on after a tool turn: with the same model, unless its turns bring nothing. */
const afterTurn = (
  conversation: Conversation,
  state: ConversationState,
  turn: Turn,
): Promise<Advance> | Advance => {
  const wasted = isWasted(conversation.scope, state.messages, turn) ? state.wasted + 1 : 0;
  if (wasted >= maxWasted)
    return changeModel(conversation, state, { code: "tool_loop", problems: "" });
  const hint = { role: "user", content: sameAgain } as const;
  const messages = [
    ...state.messages,
    toolMessage(turn),
    ...(wasted === maxWasted - 1 ? [hint] : []),
  ];
  const kept = wasted === 0 ? messages.length : state.kept;
  return { state: { ...state, turn: null, repaired: false, messages, wasted, kept } };
};

const handleToolCalls = async (
  conversation: Conversation,
  state: ConversationState,
  turn: Turn,
): Promise<Advance> => {
  const { scope } = conversation;
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
  return afterTurn(conversation, { ...state, turn: null, turns }, next);
};

const stopAtLimit = (
  result: Extract<ChainResult, { denied: unknown }>,
  state: ConversationState,
): Advance => ({
  result: { kind: "budget", wanted: result.denied.wanted, transcript: transcriptOf(state) },
});

/** Gives a key that differs between attempts, after each ruling, and for the mediator. */
const conversationKey = ({ request }: Conversation["scope"]): string => {
  const { task, rulings, mediates } = request;
  return `${task.attempt}.${rulings.length}${mediates ? "m" : ""}`;
};

/** Begins the tool turn that a reply asks for. */
const withTurn = (
  conversation: Conversation,
  state: ConversationState,
  reply: RawReply,
): ConversationState => {
  const assistantMessages = reply.messages.filter(({ role }) => role !== "tool");
  const key = `${conversationKey(conversation.scope)}:${state.replies}`;
  const turn = { key, calls: reply.calls, results: [], pending: null };
  return { ...state, messages: [...state.messages, ...assistantMessages], turn };
};

/**
 * Does the open tool turn, or else asks the models once.
 *
 * @param repliesBefore number of model replies in earlier runs
 */
const advance = async (
  conversation: Conversation,
  before: ConversationState,
  repliesBefore: number,
): Promise<Advance> => {
  if (before.turn) return handleToolCalls(conversation, before, before.turn);
  if (before.replies - repliesBefore >= maxReplies) {
    const message = `No result after ${maxReplies} answers of models.`;
    throw new AgentError("too_many_calls", message, { retryable: false });
  }
  const { state: asked, result } = await askNext(conversation, before);
  if ("denied" in result) return stopAtLimit(result, asked);
  const name = describeModel(result.ref);
  const own = asked.model === name ? asked : startedOver(asked, name);
  const state = { ...own, replies: own.replies + 1 };
  return result.reply.calls.length > 0
    ? { state: withTurn(conversation, state, result.reply) }
    : handleReply(conversation, state, result);
};

/**
 * Talks with the models of a chain until one gives a result, asks a person, or a limit forbids the next call. A model that
 * replies with what cannot be used is asked once to correct it; then the next model is asked.
 *
 * @throws AgentError when no model is left: the code of the bad answers (`invalid_answer`, `cut_off`, `output_too_large`,
 * `tool_loop`), or `models_unavailable`; `too_many_calls` after 24 replies; `too_long` (retryable) when the conversation is too
 * large to wait for a person
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
