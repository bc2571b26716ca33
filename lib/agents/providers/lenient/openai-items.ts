import type { AnswerReading, WireEvent, WireObject } from "./reader.ts";
import { event, indexIn, inputIn, textIn, wordIn } from "./values.ts";

type OutputItem = {
  /** Its place in the answer, as the SDK is told. */
  output_index: number;
  /** The place that the server gives. */
  theirs: number | undefined;
  type: "message" | "reasoning" | "function_call";
  id: string;
  call_id: string;
  name: string;
  input: string;
  hasText: boolean;
  isDone: boolean;
};

export type OpenaiState = AnswerReading & {
  items: OutputItem[];
  hasBegun: boolean;
  isEnded: boolean;
};

export const findItem = (
  state: OpenaiState,
  { output_index, item_id }: WireObject,
): OutputItem | undefined => {
  const theirs = indexIn(output_index);
  if (theirs !== undefined) return state.items.findLast((item) => item.theirs === theirs);
  const byId = state.items.findLast(({ id }) => id === item_id);
  return byId ?? (wordIn(item_id) ? undefined : state.items.at(-1));
};

const itemTypes = ["message", "reasoning", "function_call"] as const;

const added = (item: OutputItem, { encrypted_content }: WireObject): WireEvent => {
  const { type, id, call_id, name, output_index } = item;
  const more = {
    message: {},
    reasoning: wordIn(encrypted_content) ? { encrypted_content } : {},
    function_call: { call_id, name, arguments: "" },
  };
  return event({
    type: "response.output_item.added",
    output_index,
    item: { type, id, ...more[type] },
  });
};

export const addItem = (
  state: OpenaiState,
  theirs: number | undefined,
  item: WireObject,
): [OutputItem | undefined, WireEvent[]] => {
  const type = itemTypes.find((known) => known === item.type);
  if (!type || (type === "function_call" && !wordIn(item.name))) return [undefined, []];
  const output_index = state.items.length;
  const id = wordIn(item.id) ?? `item_${output_index}`;
  const made: OutputItem = {
    ...{ output_index, theirs, type, id, input: "", hasText: false, isDone: false },
    call_id: wordIn(item.call_id) ?? id,
    name: wordIn(item.name) ?? "",
  };
  state.items.push(made);
  return [made, [added(made, item)]];
};

/** Sends text in a message; it is added when there is none. */
export const sendText = (
  state: OpenaiState,
  data: WireObject,
  text: string,
  type = "response.output_text.delta",
): WireEvent[] => {
  if (text === "") return [];
  const found = findItem(state, data);
  const isRight = found?.type === "message" && !found.isDone;
  const [item, events] = isRight
    ? [found, []]
    : addItem(state, indexIn(data.output_index), {
        type: "message",
        id: isRight ? undefined : data.item_id,
      });
  if (!item) return [];
  item.hasText = true;
  state.overheard.text(text);
  const { id, output_index } = item;
  return [...events, event({ type, item_id: id, output_index, delta: text })];
};

export const sendInput = (state: OpenaiState, data: WireObject, input: string): WireEvent[] => {
  const item = findItem(state, data);
  if (item?.type !== "function_call" || item.isDone || input === "") return [];
  item.input += input;
  const { id, output_index } = item;
  const type = "response.function_call_arguments.delta";
  return [event({ type, item_id: id, output_index, delta: input })];
};

export const done = (item: OutputItem, { encrypted_content }: WireObject = {}): WireEvent[] => {
  if (item.isDone) return [];
  item.isDone = true;
  const { type, id, call_id, name, input, output_index } = item;
  const more = {
    message: {},
    reasoning: wordIn(encrypted_content) ? { encrypted_content } : {},
    function_call: { call_id, name, arguments: input, status: "completed" },
  };
  return [
    event({ type: "response.output_item.done", output_index, item: { type, id, ...more[type] } }),
  ];
};

/** Reads an item that is done; what of it was not streamed is sent now. */
export const finishItem = (
  state: OpenaiState,
  theirs: number | undefined,
  whole: WireObject,
): WireEvent[] => {
  const found = findItem(state, { output_index: theirs, item_id: whole.id });
  const [item, events] = found ? [found, []] : addItem(state, theirs, whole);
  if (!item) return [];
  const at = { output_index: item.theirs, item_id: item.id };
  const text = item.type === "message" && !item.hasText ? textIn(whole.content) : "";
  const input = item.type === "function_call" && item.input === "" ? inputIn(whole.arguments) : "";
  const late = item.isDone ? [] : [...sendText(state, at, text), ...sendInput(state, at, input)];
  return [...events, ...late, ...done(item, whole)];
};
