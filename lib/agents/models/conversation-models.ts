import type { ModelMessage } from "ai";
import { jsonByteLength } from "../../domain/json.ts";
import { describeModel, type ModelRef } from "../../settings/providers.ts";
import type { AgentRequest, AgentResult } from "../context.ts";
import type { ChainQuestion, ChainResult } from "./ask-models.ts";
import { chainFailure, lastingFailures } from "./chain-failure.ts";
import { type ConversationState, serializeState, startedOver } from "./conversation-state.ts";
import { fitMessages } from "./fit-messages.ts";
import { type Chains, chainNow, giveUp, orderChain } from "./given-up.ts";
import type { CompleteContent, ReplyFormat } from "./model-reply.ts";
import type { FailedAsk, ModelQuestion } from "./paid-call.ts";
import { promptMessage } from "./prompt-cache.ts";
import type { AnswerFault } from "./repair.ts";
import type { ToolScope } from "./tool-turn.ts";

/** Bytes of the messages that are sent in one call. */
const maxSentBytes = 400_000;
/** Bytes for the messages after the prompt, however long the prompt is. */
const minSentBytes = 100_000;

/** Is told what was mended by rule in an answer of a model (`provider/model`), in words for the log. */
export type OnMended = (model: string, mends: readonly string[]) => void;

export type Conversation = {
  /** The parts of the first message: the material, made shorter by `shrink` steps, and the task. */
  promptFor: (shrink: number) => readonly string[];
  chains: Chains;
  ask: (
    chain: readonly ModelRef[],
    question: Pick<
      ChainQuestion,
      "messagesFor" | "purpose" | "maxOutputTokens" | "minOutputTokens" | "shrink"
    >,
  ) => Promise<ChainResult>;
  now: () => Date;
  /** Output tokens of an answer, unless one was cut off. */
  maxOutputTokens: number;
  scope: Omit<ToolScope, "turns">;
  format: ReplyFormat;
  /** Makes the whole content of what a reply holds; gives what is wrong in words for the model. */
  complete: (content: unknown) => Promise<CompleteContent | { problems: string }>;
  /** Whether the output is a tester's. */
  isTest: boolean;
  onMended: OnMended;
  purpose: ModelQuestion["purpose"];
};

/** The next state of a conversation, or its end. */
export type Advance = { state: ConversationState } | { result: AgentResult };

/** Whether an earlier attempt failed, as opposed to one that stopped for a person. */
export const isRetry = ({ task }: AgentRequest): boolean => task.failed_attempts > 0;

const attemptOf = ({ scope }: Conversation): number => scope.request.task.attempt;

/** Makes the error of a conversation that no model is left for. */
const exhausted = (
  conversation: Conversation,
  { given_up }: ConversationState,
  failed: readonly FailedAsk[],
) =>
  chainFailure({
    given_up: given_up.filter(({ attempt }) => attempt === attemptOf(conversation)),
    failed,
    count: chainNow(conversation.chains, { given_up, isRetry: true }).length,
    now: conversation.now(),
  });

/** Lists the models that are left, in the order in which they are asked. */
export const modelsLeft = (conversation: Conversation, { given_up, model }: ConversationState) =>
  orderChain(
    chainNow(conversation.chains, { given_up, isRetry: isRetry(conversation.scope.request) }),
    { given_up, attempt: attemptOf(conversation), model },
  );

/** Stores which models are given up, so that the next attempt begins with another. A mediator's state is not the task's. */
const storeGivenUp = async (
  { purpose, scope }: Conversation,
  state: ConversationState,
): Promise<void> => {
  if (purpose !== "mediation") await scope.agentContext.checkpoint(serializeState(state));
};

/** Gives up the model of the last reply. @throws AgentError when no other is left */
export const changeModel = async (
  conversation: Conversation,
  state: ConversationState,
  { code, problems }: AnswerFault,
): Promise<Advance> => {
  const model = state.model ?? "";
  const entry = giveUp(code, { model, problems, attempt: attemptOf(conversation) });
  const given_up = [...state.given_up, entry];
  const next = { ...startedOver(state, null), given_up };
  await storeGivenUp(conversation, next);
  const [other] = modelsLeft(conversation, next);
  if (!other) throw exhausted(conversation, next, []);
  await conversation.scope.agentContext.say(
    `${model} (${code}) gives no answer that can be used: asking ${describeModel(other)}.`,
  );
  return { state: next };
};

const purposeOf = (
  { purpose }: Conversation,
  { repaired, stretched, messages }: ConversationState,
) => {
  if (purpose === "mediation") return purpose;
  if (repaired || stretched) return "repair" as const;
  return messages.length > 0 ? ("tools" as const) : purpose;
};

const messagesOf =
  ({ promptFor }: Conversation, { messages }: ConversationState) =>
  (shrink: number): ModelMessage[] => {
    const prompt = promptMessage(promptFor(shrink));
    const whole = Math.max(minSentBytes, maxSentBytes - jsonByteLength(prompt));
    return [prompt, ...fitMessages(messages, whole / 4 ** shrink)];
  };

/** Asks the models that are left, and notes those that will not be asked again. @throws AgentError when none replies */
export const askNext = async (conversation: Conversation, state: ConversationState) => {
  const { room, least, shrink } = state;
  const { given_up } = state;
  const result = await conversation.ask(modelsLeft(conversation, state), {
    messagesFor: messagesOf(conversation, state),
    purpose: purposeOf(conversation, state),
    maxOutputTokens: room ?? conversation.maxOutputTokens,
    ...(least !== null && { minOutputTokens: least }),
    shrink,
  });
  if ("denied" in result) return { state, result };
  const lost = lastingFailures(result.failed, attemptOf(conversation));
  const known = { ...state, given_up: [...given_up, ...lost] };
  if ("reply" in result) return { state: { ...known, shrink: result.shrink }, result };
  if (lost.length > 0) await storeGivenUp(conversation, startedOver(known, null));
  throw exhausted(conversation, known, result.failed);
};
