import {
  type FinishReason,
  jsonSchema,
  type LanguageModel,
  type LanguageModelUsage,
  type ModelMessage,
  Output,
  streamText,
  type ToolSet,
} from "ai";
import type { Tokens } from "../../domain/budget/model-call.ts";
import type { ModelRef } from "../../settings/providers.ts";
import { openers, wires } from "../providers/wires.ts";
import { BrokenReply, FilteredReply } from "./call-failure.ts";
import type { ReplyFormat } from "./model-reply.ts";
import { listeningFetch, watchSilence } from "./silence.ts";

/** What a model wants to be done before it goes on. */
export type ToolCall = { id: string; name: string; input: unknown; problem: string | null };

export type CallRequest = {
  ref: ModelRef;
  system: string;
  messages: readonly ModelMessage[];
  tools: ToolSet;
  format: ReplyFormat;
  maxOutputTokens: number;
  temperature: number | undefined;
  signal: AbortSignal;
  /** How long the provider may be silent, before its answer and in the middle of it. */
  silenceMs: number;
  onText: (piece: string) => void;
};

export type RawReply = {
  text: string;
  calls: ToolCall[];
  /** What the conversation goes on with. */
  messages: ModelMessage[];
  /** Null when the provider did not say. */
  tokens: Tokens | null;
  finish: FinishReason;
};

/** Objects as the answer, without the SDK's own reading of every prefix: only the whole is read, by the caller. */
const outputFormat = ({ json }: ReplyFormat) => {
  const output = Output.object({ schema: jsonSchema(json), name: "answer" });
  return {
    ...output,
    parsePartialOutput: async ({ text }: { text: string }) => ({ partial: text.length }),
  };
};

/** What a provider says goes into the books: only a number that can be one. */
const wholeNumber = (count: number | undefined): number | null =>
  count === undefined || !Number.isFinite(count) ? null : Math.max(0, Math.ceil(count));

const tokensOf = (usage: LanguageModelUsage): Tokens | null => {
  const input_tokens = wholeNumber(usage.inputTokens);
  const output_tokens = wholeNumber(usage.outputTokens);
  if (input_tokens === null || output_tokens === null) return null;
  const cached = wholeNumber(usage.inputTokenDetails?.cacheReadTokens) ?? 0;
  return { input_tokens, output_tokens, cached_input_tokens: Math.min(cached, input_tokens) };
};

type Part = { type: string } & Record<string, unknown>;

const callOf = ({ toolCallId, toolName, input, invalid, error }: Part): ToolCall => ({
  id: String(toolCallId),
  name: String(toolName),
  input,
  problem: invalid
    ? String((error as Error | undefined)?.message ?? "The input is not valid.")
    : null,
});

/** Endings that say that the answer is whole, or why it is not. */
const completeEndings: readonly FinishReason[] = ["stop", "length", "tool-calls"];

/** What has come of an answer so far: its text, and what else the model wrote that has to be paid for. */
export type PartialReply = { text: string; rest: string; tokens: Tokens | null };

type CollectedParts = Pick<RawReply, "calls" | "finish">;

type Listen = (part: Part, collected: CollectedParts) => void;

/** What each part of the stream adds. The parts that are not named here are not needed. */
const listeners = ({ onText }: CallRequest, received: PartialReply): Record<string, Listen> => ({
  error: ({ error }) => {
    throw error;
  },
  "text-delta": ({ text }) => {
    received.text += text;
    onText(String(text));
  },
  "reasoning-delta": ({ text }) => {
    received.rest += text;
  },
  "tool-input-delta": ({ delta }) => {
    received.rest += delta;
  },
  "tool-call": (part, { calls }) => {
    calls.push(callOf(part));
  },
  "finish-step": ({ finishReason, usage }, collected) => {
    collected.finish = finishReason as FinishReason;
    received.tokens = tokensOf(usage as LanguageModelUsage);
  },
});

const checkEnding = ({ finish }: CollectedParts): void => {
  if (finish === "content-filter") throw new FilteredReply("The provider refused to answer.");
  if (!completeEndings.includes(finish))
    throw new BrokenReply("The answer ended before it was whole.");
};

const openModel = async ({ provider, model }: ModelRef, fetch: typeof globalThis.fetch) => {
  const models = await openers[provider.api](provider, fetch);
  return models(model);
};

const start = (call: CallRequest, model: LanguageModel, signal: AbortSignal) =>
  streamText({
    model,
    instructions: call.system,
    messages: [...call.messages],
    tools: call.tools,
    output: outputFormat(call.format),
    maxOutputTokens: call.maxOutputTokens,
    ...(call.temperature !== undefined && { temperature: call.temperature }),
    maxRetries: 0,
    abortSignal: signal,
    providerOptions: wires[call.ref.provider.api].options,
    onError: () => undefined,
  });

/**
 * One call, streamed. `received` grows with what arrives, so that a call that breaks off can be paid for.
 *
 * @throws what the SDK throws; BrokenAnswer when the stream ends before the answer is whole; FilteredAnswer
 */
export const callModel = async (call: CallRequest, received: PartialReply): Promise<RawReply> => {
  const model = await openModel(
    call.ref,
    listeningFetch(() => silence.heard()),
  );
  const silence = watchSilence(call.silenceMs);
  const signal = AbortSignal.any([call.signal, silence.signal]);
  const collected: CollectedParts = { calls: [], finish: "other" };
  const listen = listeners(call, received);
  try {
    const result = start(call, model, signal);
    for await (const part of result.stream) listen[part.type]?.(part as Part, collected);
    signal.throwIfAborted();
    checkEnding(collected);
    const { messages } = await result.response;
    return { ...collected, tokens: received.tokens, text: received.text, messages };
  } finally {
    silence.end();
  }
};
