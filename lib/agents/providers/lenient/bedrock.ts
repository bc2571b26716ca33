import {
  type AnswerReading,
  beginReading,
  type OpenReader,
  readerOf,
  type WireEvent,
  type WireObject,
} from "./reader.ts";
import {
  countsIn,
  type Ending,
  endingIn,
  indexIn,
  inputIn,
  isJson,
  isObject,
  listIn,
  objectIn,
  textIn,
  wordIn,
} from "./values.ts";

type BlockType = "text" | "reasoning" | "tool";

type Block = {
  index: number;
  type: BlockType;
  /** The index that the server gives. */
  theirs: number | undefined;
  input: string;
  isOpen: boolean;
};

type State = AnswerReading & { blocks: Block[]; stop: { kind: Ending; word: string } | null };

const knownStops =
  /^(?:end_turn|max_tokens|stop_sequence|tool_use|content_filtered|guardrail_intervened)$/;

const stopWords: Readonly<Record<Ending, string>> = {
  stop: "end_turn",
  length: "max_tokens",
  filter: "content_filtered",
  tools: "tool_use",
  other: "error",
};

const counts = [
  ["inputTokens"],
  ["outputTokens"],
  ["totalTokens"],
  ["cacheReadInputTokens", "cacheReadInputTokenCount"],
  ["cacheWriteInputTokens", "cacheWriteInputTokenCount"],
] as const;

const named = (name: string, data: WireObject): WireEvent => ({ name, data });

const findBlock = ({ blocks }: State, theirs: number | undefined): Block | undefined =>
  theirs === undefined ? blocks.at(-1) : blocks.findLast((block) => block.theirs === theirs);

const openBlock = (state: State, theirs: number | undefined, type: BlockType): Block => {
  const block = { index: state.blocks.length, type, theirs, input: "", isOpen: true };
  state.blocks.push(block);
  return block;
};

/** Gives the open block of a type; a new one when there is none at this index. The SDK opens it by its first piece. */
const blockFor = (state: State, theirs: number | undefined, type: BlockType): Block => {
  const found = findBlock(state, theirs);
  return found?.isOpen && found.type === type ? found : openBlock(state, theirs, type);
};

const send = ({ index }: Block, delta: WireObject): WireEvent =>
  named("contentBlockDelta", { contentBlockIndex: index, delta });

const startTool = (state: State, theirs: number | undefined, toolUse: WireObject): WireEvent[] => {
  const { toolUseId, name } = toolUse;
  if (!wordIn(name)) return [];
  const block = openBlock(state, theirs, "tool");
  const start = { toolUse: { toolUseId: wordIn(toolUseId) ?? `tooluse_${block.index}`, name } };
  return [named("contentBlockStart", { contentBlockIndex: block.index, start })];
};

const sendInput = (state: State, theirs: number | undefined, input: unknown): WireEvent[] => {
  const block = findBlock(state, theirs);
  if (block?.type !== "tool" || !block.isOpen) return [];
  const piece = inputIn(input);
  block.input += piece;
  return [send(block, { toolUse: { input: piece } })];
};

const sendThought = (
  state: State,
  theirs: number | undefined,
  thought: WireObject,
): WireEvent[] => {
  const { signature, redactedContent, data } = thought;
  const { text } = { ...objectIn(thought.reasoningText), ...thought };
  const parts = [
    ...(textIn(text) ? [{ text: textIn(text) }] : []),
    ...(wordIn(signature) ? [{ signature }] : []),
    ...(wordIn(redactedContent) ? [{ redactedContent }] : []),
    ...(wordIn(data) ? [{ data }] : []),
  ];
  if (parts.length === 0) return [];
  const block = blockFor(state, theirs, "reasoning");
  return parts.map((reasoningContent) => send(block, { reasoningContent }));
};

const sendDelta = (state: State, theirs: number | undefined, delta: WireObject): WireEvent[] => {
  if (isObject(delta.toolUse)) return sendInput(state, theirs, delta.toolUse.input);
  if (isObject(delta.reasoningContent)) return sendThought(state, theirs, delta.reasoningContent);
  const text = textIn(delta.text);
  if (text === "") return [];
  state.overheard.text(text);
  return [send(blockFor(state, theirs, "text"), { text })];
};

const close = (block: Block | undefined): WireEvent[] => {
  if (!block?.isOpen) return [];
  block.isOpen = false;
  return [named("contentBlockStop", { contentBlockIndex: block.index })];
};

const readStop = (state: State, stopReason: unknown): void => {
  const kind = endingIn(stopReason) ?? "stop";
  state.stop = { kind, word: String(stopReason) };
  if (state.progress === "open") state.progress = "answered";
};

const readMetadata = (state: State, { usage }: WireObject): WireEvent[] => {
  if (state.stop) state.progress = "over";
  const found = countsIn(usage, counts);
  const isWhole = found.inputTokens !== undefined && found.outputTokens !== undefined;
  return isWhole ? [named("metadata", { usage: found })] : [];
};

/** Reads an error that came as JSON with the status of an answer; null when it is none. */
const errorIn = ({ output, message, Message, __type }: WireObject): WireEvent[] | null => {
  const said = wordIn(message) ?? wordIn(Message);
  if (output !== undefined || (!said && !wordIn(__type))) return null;
  const name = /(\w+)Exception/.exec(wordIn(__type) ?? "")?.[1] ?? "internalServer";
  return [named(`${name}Exception`, { message: said ?? String(__type) })];
};

const readWhole = (state: State, data: WireObject): WireEvent[] => {
  const error = errorIn(data);
  if (error) return error;
  const { content } = objectIn(objectIn(data.output).message);
  const events = listIn(content).flatMap((part, index) => {
    const { toolUse } = objectIn(part);
    const begun = isObject(toolUse) ? startTool(state, index, toolUse) : [];
    return [
      ...begun,
      ...sendDelta(state, index, objectIn(part)),
      ...close(findBlock(state, index)),
    ];
  });
  readStop(state, data.stopReason);
  state.isDone = true;
  return [...events, ...readMetadata(state, data)];
};

const reads: Readonly<Record<string, (state: State, data: WireObject) => WireEvent[]>> = {
  contentBlockStart: (state, { contentBlockIndex, start }) => {
    const { toolUse } = objectIn(start);
    return isObject(toolUse) ? startTool(state, indexIn(contentBlockIndex), toolUse) : [];
  },
  contentBlockDelta: (state, { contentBlockIndex, delta }) =>
    sendDelta(state, indexIn(contentBlockIndex), objectIn(delta)),
  contentBlockStop: (state, { contentBlockIndex }) =>
    close(findBlock(state, indexIn(contentBlockIndex))),
  messageStop: (state, { stopReason }) => {
    readStop(state, stopReason);
    return [];
  },
  metadata: readMetadata,
};

const isCalled = ({ blocks }: State) => blocks.some(({ type }) => type === "tool");

/** Gives why the answer ended; null when it broke off. */
const stopWord = (state: State): string | null => {
  const { stop, blocks } = state;
  const isWhole = isCalled(state) && blocks.every(({ isOpen, type }) => type !== "tool" || !isOpen);
  if (!stop) return isWhole ? stopWords.tools : null;
  if (knownStops.test(stop.word) || stop.kind === "other") return stop.word;
  return stop.kind === "stop" && isCalled(state) ? stopWords.tools : stopWords[stop.kind];
};

/** Reads streams of Amazon Bedrock's Converse API. An event's name is its type; one of an exception ends with `Exception`. */
export const openBedrockReader: OpenReader = readerOf(
  (overheard): State => ({ ...beginReading(overheard), blocks: [], stop: null }),
  {
    read: (state, { name, data }) => {
      if (name?.endsWith("Exception")) return [named(name, data)];
      if (name === null) return readWhole(state, data);
      return Object.hasOwn(reads, name) ? (reads[name]?.(state, data) ?? []) : [];
    },
    end: (state) => {
      const stopReason = stopWord(state);
      if (stopReason === null) return [];
      const whole = state.blocks.filter(
        ({ type, input }) => type !== "tool" || isJson(input || "{}"),
      );
      return [...whole.flatMap(close), named("messageStop", { stopReason })];
    },
  },
);
