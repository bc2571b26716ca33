import {
  type AnthropicBlock,
  type AnthropicState,
  begin,
  close,
  findBlock,
  readUsage,
  sendDelta,
  sendText,
  startBlock,
} from "./anthropic-blocks.ts";
import {
  beginReading,
  type OpenReader,
  readerOf,
  type WireEvent,
  type WireObject,
} from "./reader.ts";
import {
  type Ending,
  endingIn,
  event,
  indexIn,
  isJson,
  isObject,
  listIn,
  objectIn,
  wordIn,
} from "./values.ts";

const knownStops =
  /^(?:end_turn|max_tokens|stop_sequence|tool_use|pause_turn|refusal|model_context_window_exceeded)$/;

const stopWords: Readonly<Record<Ending, string>> = {
  stop: "end_turn",
  length: "max_tokens",
  filter: "refusal",
  tools: "tool_use",
  other: "error",
};

const readStop = (state: AnthropicState, { stop_reason }: WireObject): void => {
  const kind = endingIn(stop_reason);
  if (kind === null) return;
  state.stop = { kind, word: String(stop_reason) };
  if (state.progress === "open") state.progress = "answered";
};

const isCalled = ({ blocks }: AnthropicState) => blocks.some(({ type }) => type === "tool_use");

const finishDone = (state: AnthropicState): void => {
  state.isDone = true;
  state.progress = "over";
};

const readWhole = (state: AnthropicState, message: WireObject): WireEvent[] => {
  const begun = begin(state, message);
  const blocks = listIn(message.content).flatMap((content, index) => [
    ...startBlock(state, index, objectIn(content)),
    ...close(findBlock(state, index)),
  ]);
  const text = typeof message.content === "string" ? message.content : "";
  readStop(state, message);
  finishDone(state);
  return [...begun, ...blocks, ...sendText(state, 0, { type: "text", text })];
};

const errorIn = ({ type, error, ...rest }: WireObject): WireObject | null => {
  if (type !== "error" && (error === undefined || error === null)) return null;
  const inner = isObject(error) ? error : rest;
  const message = wordIn(inner.message) ?? wordIn(error) ?? JSON.stringify(error ?? rest);
  const code = typeof inner.code === "string" || typeof inner.code === "number";
  const kind = wordIn(inner.type) ?? "api_error";
  return { type: "error", error: { type: kind, message, ...(code && { code: inner.code }) } };
};

const reads: Readonly<Record<string, (state: AnthropicState, data: WireObject) => WireEvent[]>> = {
  message: readWhole,
  message_start: (state, { message }) => {
    const events = begin(state, objectIn(message));
    readStop(state, objectIn(message));
    return [
      ...events,
      ...listIn(objectIn(message).content).flatMap((content) =>
        startBlock(state, undefined, objectIn(content)),
      ),
    ];
  },
  content_block_start: (state, { index, content_block }) =>
    startBlock(state, indexIn(index), objectIn(content_block)),
  content_block_delta: (state, { index, delta }) =>
    sendDelta(state, indexIn(index), objectIn(delta)),
  content_block_stop: (state, { index }) => close(findBlock(state, indexIn(index))),
  message_delta: (state, { delta, usage }) => {
    readUsage(state, usage ?? objectIn(delta).usage);
    readStop(state, objectIn(delta));
    return [];
  },
  message_stop: (state) => {
    finishDone(state);
    return [];
  },
};

/** Whether an answer is whole of which nobody says why it ended: a tool's input must be so. */
const seemsWhole = (state: AnthropicState): boolean =>
  state.isDone
    ? state.blocks.length > 0
    : isCalled(state) && state.blocks.every(({ isOpen, type }) => type !== "tool_use" || !isOpen);

/** Gives why the answer ended; null when it broke off. */
const stopWord = (state: AnthropicState): string | null => {
  const { stop } = state;
  if (stop && (knownStops.test(stop.word) || stop.kind === "other")) return stop.word;
  if (!stop && !seemsWhole(state)) return null;
  const kind = stop?.kind ?? "stop";
  return kind === "stop" && isCalled(state) ? stopWords.tools : stopWords[kind];
};

/** Reads streams of Anthropic's Messages API, as Anthropic and compatible servers send them. */
export const openAnthropicReader: OpenReader = readerOf(
  (overheard): AnthropicState => ({
    ...beginReading(overheard),
    ...{ blocks: [], hasBegun: false, stop: null, usage: {} },
  }),
  {
    read: (state, { name, data }) => {
      const error = errorIn(data);
      if (error) return [event(error)];
      const type = wordIn(data.type) ?? name ?? "";
      return Object.hasOwn(reads, type) ? (reads[type]?.(state, data) ?? []) : [];
    },
    end: (state) => {
      const stop_reason = stopWord(state);
      if (stop_reason === null) return [];
      const whole = (block: AnthropicBlock) =>
        block.type !== "tool_use" || isJson(block.input || block.given || "{}");
      const closed = state.blocks.filter(whole).flatMap(close);
      const usage = { output_tokens: 0, ...state.usage };
      return [
        ...begin(state, {}),
        ...closed,
        event({ type: "message_delta", delta: { stop_reason }, usage }),
        event({ type: "message_stop" }),
      ];
    },
  },
);
