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
import type { Capabilities } from "../../settings/capabilities.ts";
import type { ModelRef } from "../../settings/providers.ts";
import { rewritingFetch } from "../providers/sent-body.ts";
import { openers, wires } from "../providers/wires.ts";
import { BrokenReply, FilteredReply } from "./call-failure.ts";
import { type CallStage, checkedFetch } from "./checked-fetch.ts";
import type { ReplyFormat } from "./model-reply.ts";
import { markForCache } from "./prompt-cache.ts";
import { type ReportedUsage, reportedUsage, type TokenBounds } from "./reported-usage.ts";
import { listeningFetch, watchSilence } from "./silence.ts";

/** A model's call of a model tool. `problem`: why the SDK cannot read it; null when it can. */
export type ToolCall = { id: string; name: string; input: unknown; problem: string | null };

export type CallRequest = {
  ref: ModelRef;
  system: string;
  messages: readonly ModelMessage[];
  tools: ToolSet;
  format: ReplyFormat;
  /** What the model takes in a request. */
  takes: Capabilities;
  /** Whether the schema of the answer goes into a field of its own. */
  schemaField: boolean;
  maxOutputTokens: number;
  /** The tokens for which money is reserved. */
  reserved: TokenBounds;
  temperature: number | undefined;
  signal: AbortSignal;
  /** Milliseconds that the provider may be silent, before its reply and within it. */
  silenceMs: number;
  onText: (piece: string) => void;
};

/** A model's reply as it arrived: its text is not read yet. */
export type RawReply = {
  text: string;
  calls: ToolCall[];
  /** The reply as messages, to be sent with the next call. */
  messages: ModelMessage[];
  /** Null when the provider reported none. */
  tokens: ReportedUsage | null;
  finish: FinishReason;
};

/** Asks for a JSON object. It stops the SDK from parsing each prefix of the text: the caller reads the complete text. */
const outputFormat = ({ json }: ReplyFormat) => {
  const output = Output.object({ schema: jsonSchema(json), name: "answer" });
  return {
    ...output,
    parsePartialOutput: async ({ text }: { text: string }) => ({ partial: text.length }),
  };
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

/** Finish reasons after which the reply can be used: complete, or stopped by its length limit. */
const completeEndings: readonly FinishReason[] = ["stop", "length", "tool-calls"];

/** The part of a reply that has arrived: its text, and other output that is paid for, too (`rest`). */
export type PartialReply = {
  text: string;
  rest: string;
  tokens: ReportedUsage | null;
  stage: CallStage;
};

type CollectedParts = Pick<RawReply, "calls" | "finish">;

type Listen = (part: Part, collected: CollectedParts) => void;

/** What each part of the stream adds to the reply, by the part's type; other types are ignored. */
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
    received.tokens = reportedUsage(usage as LanguageModelUsage);
  },
});

const checkEnding = ({ finish }: CollectedParts): void => {
  if (finish === "content-filter") throw new FilteredReply("The provider refused to answer.");
  if (!completeEndings.includes(finish))
    throw new BrokenReply("The answer ended before it was whole.");
};

const openModel = async (
  { ref: { provider, model }, takes, maxOutputTokens }: CallRequest,
  fetch: typeof globalThis.fetch,
) => {
  const { rewrite } = wires[provider.api];
  const send = rewrite
    ? rewritingFetch(fetch, (body) => rewrite(body, { ...takes, maxOutputTokens }))
    : fetch;
  const models = await openers[provider.api](provider, send);
  return models(model);
};

const start = (call: CallRequest, model: LanguageModel, signal: AbortSignal) =>
  streamText({
    model,
    ...markForCache(call.takes.cache_control, {
      system: call.system,
      messages: call.messages,
      hasTools: Object.keys(call.tools).length > 0,
    }),
    tools: call.tools,
    ...(call.schemaField && { output: outputFormat(call.format) }),
    maxOutputTokens: call.maxOutputTokens,
    ...(call.temperature !== undefined && { temperature: call.temperature }),
    maxRetries: 0,
    abortSignal: signal,
    providerOptions: wires[call.ref.provider.api].options,
    onError: () => undefined,
  });

/**
 * Makes one model call and reads its stream.
 *
 * @param received is filled while the reply arrives, so that a call that fails midway can be paid for
 * @throws BrokenReply when the stream ends before the reply is complete
 * @throws OverReservation when the request is larger than `reserved`, which sends nothing
 * @throws FilteredReply when the provider's content filter stopped it
 * @throws TimeoutError after `silenceMs` of silence, the signal's reason when the run is aborted, and the SDK's own errors
 */
export const callModel = async (call: CallRequest, received: PartialReply): Promise<RawReply> => {
  const model = await openModel(
    call,
    checkedFetch(
      listeningFetch(() => silence.heard()),
      call.reserved,
      (stage) => {
        received.stage = stage;
      },
    ),
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
