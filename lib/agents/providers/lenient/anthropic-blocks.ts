import type { AnswerReading, WireEvent, WireObject } from "./reader.ts";
import {
  countsIn,
  type Ending,
  event,
  inputIn,
  isObject,
  objectIn,
  textIn,
  wordIn,
} from "./values.ts";

type BlockType = "text" | "thinking" | "redacted_thinking" | "tool_use";

export type AnthropicBlock = {
  index: number;
  type: BlockType;
  /** The index that the server gives. */
  theirs: number | undefined;
  /** A tool's input that came with the beginning of its block, and what came in pieces. */
  given: string;
  input: string;
  isOpen: boolean;
};

export type AnthropicState = AnswerReading & {
  blocks: AnthropicBlock[];
  hasBegun: boolean;
  stop: { kind: Ending; word: string } | null;
  usage: WireObject;
};

const counts = [
  ["input_tokens", "prompt_tokens"],
  ["output_tokens", "completion_tokens"],
  ["cache_creation_input_tokens"],
  ["cache_read_input_tokens"],
] as const;

export const readUsage = (state: AnthropicState, usage: unknown): void => {
  const details = objectIn(objectIn(usage).output_tokens_details);
  Object.assign(state.usage, countsIn(usage, counts), {
    ...(isObject(objectIn(usage).output_tokens_details) && {
      output_tokens_details: countsIn(details, [["thinking_tokens"]]),
    }),
  });
};

export const begin = (state: AnthropicState, message: WireObject): WireEvent[] => {
  readUsage(state, message.usage);
  if (state.hasBegun) return [];
  state.hasBegun = true;
  const { id, model } = message;
  const usage = { input_tokens: 0, ...state.usage };
  const head = { id: wordIn(id) ?? null, model: wordIn(model) ?? null, role: "assistant" };
  return [event({ type: "message_start", message: { ...head, content: [], usage } })];
};

const send = (block: AnthropicBlock, delta: WireObject): WireEvent[] => [
  event({ type: "content_block_delta", index: block.index, delta }),
];

export const close = (block: AnthropicBlock | undefined): WireEvent[] => {
  if (!block?.isOpen) return [];
  block.isOpen = false;
  const given = block.input === "" && block.given !== "" ? block.given : "";
  if (given) block.input = given;
  return [
    ...(given ? send(block, { type: "input_json_delta", partial_json: given }) : []),
    event({ type: "content_block_stop", index: block.index }),
  ];
};

const openBlock = (
  state: AnthropicState,
  theirs: number | undefined,
  content_block: { type: BlockType } & WireObject,
): [AnthropicBlock, WireEvent[]] => {
  const begun = state.hasBegun ? [] : begin(state, {});
  const index = state.blocks.length;
  const block = { index, type: content_block.type, theirs, given: "", input: "", isOpen: true };
  state.blocks.push(block);
  return [block, [...begun, event({ type: "content_block_start", index, content_block })]];
};

export const findBlock = (
  { blocks }: AnthropicState,
  theirs: number | undefined,
): AnthropicBlock | undefined =>
  theirs === undefined ? blocks.at(-1) : blocks.findLast((block) => block.theirs === theirs);

const emptyBlocks: Readonly<Record<"text" | "thinking", { type: BlockType } & WireObject>> = {
  text: { type: "text", text: "" },
  thinking: { type: "thinking", thinking: "" },
};

/** Sends text or thoughts in a block of their kind; it is opened when there is none. */
export const sendText = (
  state: AnthropicState,
  theirs: number | undefined,
  { type, text }: { type: "text" | "thinking"; text: string },
): WireEvent[] => {
  if (text === "") return [];
  if (type === "text") state.overheard.text(text);
  const found = findBlock(state, theirs);
  const delta = { type: `${type}_delta`, [type]: text };
  if (found?.isOpen && found.type === type) return send(found, delta);
  const [block, events] = openBlock(state, theirs, emptyBlocks[type]);
  return [...events, ...send(block, delta)];
};

const startTool = (
  state: AnthropicState,
  theirs: number | undefined,
  { id, name, input }: WireObject,
): WireEvent[] => {
  if (!wordIn(name)) return [];
  const made = {
    type: "tool_use",
    id: wordIn(id) ?? `toolu_${state.blocks.length}`,
    name,
  } as const;
  const [block, events] = openBlock(state, theirs, { ...made, input: {} });
  const given = inputIn(input);
  block.given = given === "{}" ? "" : given;
  return events;
};

const startText = (
  state: AnthropicState,
  theirs: number | undefined,
  type: "text" | "thinking",
  content: WireObject,
): WireEvent[] => {
  const [block, events] = openBlock(state, theirs, emptyBlocks[type]);
  const { signature } = content;
  const signed = wordIn(signature) ? send(block, { type: "signature_delta", signature }) : [];
  return [...events, ...sendText(state, theirs, { type, text: textIn(content[type]) }), ...signed];
};

/** Begins a block of a kind that an answer needs; others are left out with all that is in them. */
export const startBlock = (
  state: AnthropicState,
  theirs: number | undefined,
  content: WireObject,
): WireEvent[] => {
  const { type, data } = content;
  if (type === "tool_use") return startTool(state, theirs, content);
  if (type === "text" || type === "thinking") return startText(state, theirs, type, content);
  if (type !== "redacted_thinking" || !wordIn(data)) return [];
  return openBlock(state, theirs, { type, data })[1];
};

export const sendDelta = (
  state: AnthropicState,
  theirs: number | undefined,
  delta: WireObject,
): WireEvent[] => {
  const { text, thinking, partial_json, signature } = delta;
  if (text !== undefined) return sendText(state, theirs, { type: "text", text: textIn(text) });
  if (thinking !== undefined)
    return sendText(state, theirs, { type: "thinking", text: textIn(thinking) });
  const block = findBlock(state, theirs);
  if (!block?.isOpen) return [];
  if (block.type === "tool_use" && partial_json !== undefined) {
    const piece = inputIn(partial_json);
    block.input += piece;
    return send(block, { type: "input_json_delta", partial_json: piece });
  }
  return block.type === "thinking" && wordIn(signature)
    ? send(block, { type: "signature_delta", signature })
    : [];
};
