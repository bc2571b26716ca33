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
import { wellFormed } from "../../domain/json.ts";
import type { Capabilities } from "../../settings/capabilities.ts";
import type { ModelRef } from "../../settings/providers.ts";
import { lenientFetch } from "../providers/lenient/readers.ts";
import type { AnswerGrace } from "../providers/lenient/rewrite-answer.ts";
import { rewritingFetch } from "../providers/sent-body.ts";
import { openers, wires } from "../providers/wires.ts";
import { type CollectedParts, checkEnding, findAnswer, noParts } from "./call-ending.ts";
import { type CallStage, checkedFetch } from "./checked-fetch.ts";
import type { ReplyFormat } from "./model-reply.ts";
import { promptParts } from "./prompt-cache.ts";
import { type ReportedUsage, reportedUsage, type TokenBounds } from "./reported-usage.ts";
import { type OwnOptions, optionsOf } from "./request-options.ts";
import { listeningFetch, watchSilence } from "./silence.ts";

/** A model's call of a model tool. `problem`: why the SDK cannot read it; null when it can. */
export type ToolCall = { id: string; name: string; input: unknown; problem: string | null };

export type CallRequest = OwnOptions & {
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
  /** How long a connection may stay open after the answer. */
  grace?: AnswerGrace;
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
  input: wellFormed(input),
  problem: invalid
    ? String((error as Error | undefined)?.message ?? "The input is not valid.")
    : null,
});

/** The part of a reply that has arrived: its text, and other output that is paid for, too (`rest`). */
export type PartialReply = {
  text: string;
  rest: string;
  tokens: ReportedUsage | null;
  stage: CallStage;
};

type Collected = CollectedParts<ToolCall>;

type Listen = (part: Part, collected: Collected) => void;

/** What each part of the stream adds to the reply, by the part's type; other types are ignored. */
const listeners = ({ onText }: CallRequest, received: PartialReply): Record<string, Listen> => ({
  error: ({ error }) => {
    throw error;
  },
  "text-delta": ({ text }) => {
    received.text += text;
    onText(String(text));
  },
  "reasoning-delta": ({ text }, collected) => {
    received.rest += text;
    collected.thoughts += text;
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

/** Milliseconds that a connection may stay open after an answer: counts may follow its end, nothing follows the last event. */
const usualGrace: AnswerGrace = { answeredMs: 5_000, overMs: 500 };

/** Keeps what the SDK does not give. */
const overhear = (received: PartialReply, collected: Collected) => ({
  text: (piece: string) => {
    collected.sent += piece;
  },
  thought: (piece: string) => {
    received.rest += piece;
    collected.thoughts += piece;
  },
});

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
    ...promptParts(call.takes, {
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
    ...optionsOf(call.ref, call),
    onError: () => undefined,
  });

type Answering = { received: PartialReply; collected: Collected };

/** Reads the stream. A text that meets the schema is the answer, however the provider says that it ended. */
const readStream = async (
  call: CallRequest,
  { received, collected }: Answering,
  { model, signal }: { model: LanguageModel; signal: AbortSignal },
): Promise<RawReply> => {
  const listen = listeners(call, received);
  const result = start(call, model, signal);
  for await (const part of result.stream) listen[part.type]?.(part as Part, collected);
  signal.throwIfAborted();
  const answer = findAnswer(call, received.text, collected);
  if (answer === undefined) checkEnding(collected);
  const messages = wellFormed((await result.response).messages);
  const { calls, finish } = collected;
  return {
    calls: answer === undefined ? calls : [],
    finish,
    tokens: received.tokens,
    text: answer ?? received.text,
    messages,
  };
};

/** Whether a part of the answer could not be read: a word may be missing in what was. */
const isUnreadable = (error: unknown): boolean =>
  error instanceof Error && error.name === "AI_JSONParseError";

/** Gives the answer of a call that failed after it was whole, in whatever way. @throws `error` when it was not */
const saveAnswer = (
  call: CallRequest,
  { received, collected }: Answering,
  error: unknown,
): RawReply => {
  const isLost = call.signal.aborted || isUnreadable(error);
  const answer = isLost ? undefined : findAnswer(call, received.text, collected);
  if (answer === undefined) throw error;
  const messages: ModelMessage[] = [{ role: "assistant", content: answer }];
  return { calls: [], finish: "other", tokens: received.tokens, text: answer, messages };
};

/** Sends the request within what is reserved, and makes the answer readable for the SDK. */
const fetchFor = (
  { ref, reserved, grace = usualGrace }: CallRequest,
  { received, collected }: Answering,
  heard: () => void,
): typeof fetch => {
  const checked = checkedFetch(listeningFetch(heard), reserved, (stage) => {
    received.stage = stage;
  });
  return lenientFetch(ref.provider.api, checked, {
    overheard: overhear(received, collected),
    grace,
  });
};

/**
 * Makes one model call and reads its stream. A text that meets the schema counts, whatever the provider says of its end, and
 * also when the connection breaks or falls silent, or an error comes after it.
 *
 * @param received is filled while the reply arrives, so that a call that fails midway can be paid for
 * @throws BrokenReply when the stream ends before the reply is complete
 * @throws OverReservation when the request is larger than `reserved`, which sends nothing
 * @throws FilteredReply when the provider's content filter stopped it
 * @throws TimeoutError after `silenceMs` of silence, the signal's reason when the run is aborted, and the SDK's own errors
 */
export const callModel = async (call: CallRequest, received: PartialReply): Promise<RawReply> => {
  const answering: Answering = { received, collected: noParts() };
  const { collected } = answering;
  const model = await openModel(
    call,
    fetchFor(call, answering, () => silence.heard()),
  );
  const silence = watchSilence(call.silenceMs);
  const signal = AbortSignal.any([call.signal, silence.signal]);
  try {
    return await readStream(call, answering, { model, signal });
  } catch (error) {
    return saveAnswer(call, answering, error);
  } finally {
    silence.end();
    received.rest += collected.sent.slice(received.text.length);
  }
};
