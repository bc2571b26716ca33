import {
  addItem,
  done,
  findItem,
  finishItem,
  type OpenaiState,
  sendInput,
  sendText,
} from "./openai-items.ts";
import {
  beginReading,
  type OpenReader,
  readerOf,
  type WireEvent,
  type WireObject,
} from "./reader.ts";
import {
  countsIn,
  event,
  indexIn,
  inputIn,
  isJson,
  isObject,
  listIn,
  objectIn,
  textIn,
  wordIn,
} from "./values.ts";

const usageIn = (usage: unknown): WireObject | null => {
  const found = countsIn(usage, [
    ["input_tokens", "prompt_tokens"],
    ["output_tokens", "completion_tokens"],
  ]);
  if (found.input_tokens === undefined || found.output_tokens === undefined) return null;
  const { input_tokens_details, output_tokens_details } = objectIn(usage);
  return {
    ...found,
    input_tokens_details: countsIn(input_tokens_details, [
      ["cached_tokens"],
      ["cache_write_tokens"],
    ]),
    output_tokens_details: countsIn(output_tokens_details, [["reasoning_tokens"]]),
  };
};

const begin = (state: OpenaiState, type: string, response: WireObject): WireEvent[] => {
  state.hasBegun = true;
  const { id, created_at, model } = response;
  const head = {
    id: wordIn(id) ?? "response",
    created_at: typeof created_at === "number" ? created_at : 0,
    model: wordIn(model) ?? "unknown",
  };
  return [event({ type, response: head })];
};

const finish = (state: OpenaiState, type: string, response: WireObject): WireEvent[] => {
  if (state.isEnded) return [];
  const begun = state.hasBegun ? [] : begin(state, "response.created", response);
  const late = listIn(response.output).flatMap((item, index) =>
    finishItem(state, index, objectIn(item)),
  );
  const open = state.items.filter((item) => item.type !== "function_call" || isJson(item.input));
  const closed = open.flatMap((item) => done(item));
  Object.assign(state, { isEnded: true, progress: "over" });
  const { reason } = objectIn(response.incomplete_details);
  const usage = usageIn(response.usage);
  const ending = {
    ...(wordIn(reason) && { incomplete_details: { reason } }),
    ...(usage && { usage }),
  };
  return [...begun, ...late, ...closed, event({ type, response: ending })];
};

const fail = (state: OpenaiState, response: WireObject): WireEvent[] => {
  Object.assign(state, { isEnded: true, progress: "over" });
  const { code, message, type } = objectIn(response.error);
  const error = {
    ...(wordIn(code ?? type) && { code: code ?? type }),
    message: wordIn(message) ?? wordIn(response.error) ?? "The response failed.",
  };
  const usage = usageIn(response.usage);
  return [
    event({
      type: "response.failed",
      sequence_number: 0,
      response: { error, ...(usage && { usage }) },
    }),
  ];
};

const errorIn = (data: WireObject): WireObject | null => {
  const { type, error, object, ...rest } = data;
  const isResponse = object === "response";
  if (type !== "error" && (isResponse || error === undefined || error === null)) return null;
  const inner = isObject(error) ? error : rest;
  return {
    type: "error",
    sequence_number: 0,
    error: {
      type: wordIn(inner.type) ?? "error",
      message: wordIn(inner.message) ?? wordIn(error) ?? JSON.stringify(error ?? rest),
      ...(wordIn(inner.code) && { code: inner.code }),
      ...(wordIn(inner.param) && { param: inner.param }),
    },
  };
};

/** Reads a response that came whole, or in the last event of its stream, by its status. */
const readWhole = (state: OpenaiState, response: WireObject): WireEvent[] => {
  if (response.status === "failed" || isObject(response.error)) return fail(state, response);
  const type = response.status === "incomplete" ? "response.incomplete" : "response.completed";
  return finish(state, type, response);
};

const sendSummary = (state: OpenaiState, data: WireObject): WireEvent[] => {
  const item = findItem(state, data);
  if (item?.type !== "reasoning" || item.isDone) return [];
  const { id: item_id, output_index } = item;
  const delta = textIn(data.delta);
  const at = { item_id, output_index, summary_index: indexIn(data.summary_index) ?? 0 };
  return [event({ type: data.type, ...at, ...("delta" in data && { delta }) })];
};

const reads: Readonly<Record<string, (state: OpenaiState, data: WireObject) => WireEvent[]>> = {
  "response.created": (state, { response }) => begin(state, "response.created", objectIn(response)),
  "response.in_progress": (state, { response }) =>
    begin(state, "response.in_progress", objectIn(response)),
  "response.output_item.added": (state, { output_index, item }) =>
    addItem(state, indexIn(output_index), objectIn(item))[1],
  "response.output_text.delta": (state, data) => sendText(state, data, textIn(data.delta)),
  "response.output_text.done": (state, data) =>
    findItem(state, data)?.hasText ? [] : sendText(state, data, textIn(data.text)),
  "response.refusal.delta": (state, data) =>
    sendText(state, data, textIn(data.delta), "response.refusal.delta"),
  "response.function_call_arguments.delta": (state, data) =>
    sendInput(state, data, inputIn(data.delta)),
  "response.function_call_arguments.done": (state, data) =>
    findItem(state, data)?.input ? [] : sendInput(state, data, inputIn(data.arguments)),
  "response.output_item.done": (state, { output_index, item }) =>
    finishItem(state, indexIn(output_index), objectIn(item)),
  "response.reasoning_summary_part.added": sendSummary,
  "response.reasoning_summary_text.delta": sendSummary,
  "response.reasoning_summary_part.done": sendSummary,
  "response.reasoning_text.delta": (state, { delta }) => {
    state.overheard.thought(textIn(delta));
    return [];
  },
  "response.completed": (state, { response }) => readWhole(state, objectIn(response)),
  "response.done": (state, { response }) => readWhole(state, objectIn(response)),
  "response.incomplete": (state, { response }) =>
    finish(state, "response.incomplete", objectIn(response)),
  "response.failed": (state, { response }) => fail(state, objectIn(response)),
};

const read = (state: OpenaiState, { name, data }: WireEvent): WireEvent[] => {
  const error = errorIn(data);
  if (error) return [event(error)];
  if (data.object === "response" && !data.type) return readWhole(state, data);
  const type = wordIn(data.type) ?? name ?? "";
  if (Object.hasOwn(reads, type)) return reads[type]?.(state, { ...data, type }) ?? [];
  // A server that speaks the other API of OpenAI's: the SDK's error says so.
  return Array.isArray(data.choices) ? [event(data)] : [];
};

/** Reads streams of OpenAI's Responses API. */
export const openOpenaiReader: OpenReader = readerOf(
  (overheard): OpenaiState => ({
    ...beginReading(overheard),
    ...{ items: [], hasBegun: false, isEnded: false },
  }),
  {
    read,
    end: (state) => {
      const { items, isDone, isEnded } = state;
      if (isEnded) return [];
      const isAnswer = items.some(({ type }) => type !== "reasoning");
      const isCalled = items.some(({ type }) => type === "function_call");
      const isWhole = isDone ? isAnswer : isCalled && items.every((item) => item.isDone);
      return isWhole ? finish(state, "response.completed", {}) : [];
    },
  },
);
