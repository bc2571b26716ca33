import { agentNames } from "../../catalog/load.ts";
import { describeModel } from "../../settings/providers.ts";
import type { ChainResult } from "./ask-models.ts";
import { type Advance, type Conversation, changeModel, modelsLeft } from "./conversation-models.ts";
import type { ConversationState } from "./conversation-state.ts";
import { conflictIn, outputOf, readReply } from "./model-reply.ts";
import {
  type AnswerFault,
  shorterFault,
  sizeFault,
  widerRoom,
  withRepair,
  withRoom,
} from "./repair.ts";

const otherAgents = ({ request }: Conversation["scope"]): string[] =>
  agentNames.filter((type) => type !== request.task.agent_type);

/** A reply, and what its call allowed. */
type Answered = Extract<ChainResult, { reply: unknown }>;

/** Handles an answer that was cut off: asks for it with more room, or for a shorter one, or asks another model. */
const handleCutOff = (
  conversation: Conversation,
  state: ConversationState,
  { answered, problems }: { answered: Answered; problems: string },
): Promise<Advance> | Advance => {
  const { reply, limit, most } = answered;
  const wanted = state.room ?? conversation.maxOutputTokens;
  // Money may have limited the call; then the call that pays for more is wanted, or a person decides.
  const room = limit < Math.min(wanted, most ?? wanted) ? wanted : widerRoom(limit, most);
  if (room !== null && !state.stretched) {
    return { state: withRoom(state, reply.text, { limit, most: room }) };
  }
  const fault = shorterFault(limit, problems);
  const isLast = modelsLeft(conversation, state).length < 2;
  if (state.repaired || (state.stretched && !isLast)) {
    return changeModel(conversation, state, fault);
  }
  return { state: withRepair(state, reply.text, fault) };
};

/** Asks for a corrected reply, once; then another model. @throws AgentError when no model is left */
const repair = (
  conversation: Conversation,
  state: ConversationState,
  { answered, fault }: { answered: Answered; fault: AnswerFault },
): Promise<Advance> | Advance => {
  const { reply } = answered;
  if (reply.finish === "length" && fault.code === "invalid_answer") {
    return handleCutOff(conversation, state, { answered, problems: fault.problems });
  }
  if (state.repaired) return changeModel(conversation, state, fault);
  return { state: withRepair(state, reply.text, fault) };
};

/**
 * Reads a reply without tool calls: it is the output, a conflict, or to be repaired.
 *
 * @throws AgentError when it cannot be used and no model is left
 */
export const handleReply = async (
  conversation: Conversation,
  state: ConversationState,
  answered: Answered,
): Promise<Advance> => {
  const { format, complete, isTest, scope, purpose, onMended } = conversation;
  const { reply, ref } = answered;
  const read = readReply(format, reply.text);
  const mend = (fault: AnswerFault) => repair(conversation, state, { answered, fault });
  if ("problems" in read) return mend({ code: "invalid_answer", problems: read.problems });
  const written_by = describeModel(ref);
  if (read.mends.length > 0) onMended(written_by, read.mends);
  const conflict = conflictIn(read.reply, purpose === "mediation" ? [] : otherAgents(scope));
  if (conflict) return { result: { kind: "conflict", conflict } };
  const whole = await complete(read.reply.content);
  if ("problems" in whole) return mend({ code: "invalid_answer", problems: whole.problems });
  const { content, edited_from } = whole;
  const tooLarge = sizeFault(content);
  if (tooLarge) return mend(tooLarge);
  return { result: outputOf({ ...read.reply, content }, { isTest, written_by, edited_from }) };
};
