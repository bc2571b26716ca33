import { describeModel, type ModelRef } from "../../settings/providers.ts";
import type { AgentContext } from "../context.ts";
import type { CallFailure } from "./call-failure.ts";
import type { PartialReply, RawReply } from "./call-model.ts";
import type { ModelQuestion } from "./paid-call.ts";

type MadeCall = {
  ref: ModelRef;
  question: ModelQuestion;
  call: { call_id: string; maxOutputTokens: number };
};

/** How a call ended: with a reply, or with what had arrived before it failed. */
type Ending = { reply: RawReply } | { received: PartialReply; failure: CallFailure };

const requestOf = ({ ref, question, call }: MadeCall) => ({
  model: describeModel(ref),
  purpose: question.purpose,
  max_output_tokens: call.maxOutputTokens,
  temperature: question.temperature ?? null,
  system: question.systemFor(ref),
  tools: Object.keys(question.tools),
  messages: question.messages,
});

const responseOf = (ending: Ending) => {
  if ("reply" in ending) {
    const { text, calls, finish } = ending.reply;
    return { text, tool_calls: calls, finish };
  }
  const { received, failure } = ending;
  return { text: received.text, error_code: failure.code, said: failure.said };
};

/** Keeps what was sent and what came, if transcripts are kept. It never fails, because the work does not need it. */
export const keepTranscriptOf = (
  { keepTranscript }: Pick<AgentContext, "keepTranscript">,
  made: MadeCall,
  ending: Ending,
): Promise<void> =>
  keepTranscript(made.call.call_id, () => ({
    request: requestOf(made),
    response: responseOf(ending),
  }));
