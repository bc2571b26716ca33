import { openChatCalls } from "./chat-calls.ts";
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
  event,
  isObject,
  listIn,
  objectIn,
  textIn,
  wordIn,
} from "./values.ts";

type State = AnswerReading & {
  head: WireObject;
  ending: { kind: Ending; word: string } | null;
  hasText: boolean;
  /** The text so far. */
  text: string;
  calls: ReturnType<typeof openChatCalls>;
};

const reasons: Readonly<Record<Ending, string>> = {
  stop: "stop",
  length: "length",
  filter: "content_filter",
  tools: "tool_calls",
  other: "error",
};

const errorIn = (chunk: WireObject): WireObject | null => {
  const { error, object, message, detail } = chunk;
  if (error === undefined || error === null || error === false) {
    const isTold = !("choices" in chunk) && !isObject(message) && (message ?? detail);
    const said = object === "error" || isTold;
    return said
      ? {
          type: "error",
          message: textIn(message ?? detail) || JSON.stringify(chunk),
          ...codesIn(chunk),
        }
      : null;
  }
  const inner = objectIn(error);
  const said = wordIn(inner.message) ?? wordIn(error) ?? JSON.stringify(error);
  return { type: "error", message: said, ...codesIn(chunk), ...codesIn(inner) };
};

const codesIn = ({ type, code }: WireObject): WireObject => ({
  ...(typeof type === "string" && { type }),
  ...((typeof code === "string" || typeof code === "number") && { code }),
});

const counts = [
  ["prompt_tokens", "input_tokens"],
  ["completion_tokens", "output_tokens"],
  ["total_tokens"],
] as const;

const usageIn = (usage: unknown): WireObject | null => {
  const found = countsIn(usage, counts);
  if (found.prompt_tokens === undefined && found.completion_tokens === undefined) return null;
  const { prompt_tokens_details, completion_tokens_details } = objectIn(usage);
  return {
    ...found,
    prompt_tokens_details: countsIn(prompt_tokens_details, [
      ["cached_tokens"],
      ["cache_write_tokens"],
    ]),
    completion_tokens_details: countsIn(completion_tokens_details, [["reasoning_tokens"]]),
  };
};

/** Finds the first choice. Ollama's own API sends a message without choices. */
const choiceOf = ({ choices, message, done_reason }: WireObject): WireObject => {
  if (choices === undefined && isObject(message))
    return { delta: message, finish_reason: done_reason };
  const all = listIn(choices).filter(isObject);
  return (
    all.find(({ index }) => index === 0) ??
    all.find(({ index }) => index == null) ??
    objectIn(all[0])
  );
};

const headOf = ({ id, created, model }: WireObject): WireObject => ({
  ...(wordIn(id) && { id }),
  ...(typeof created === "number" && { created }),
  ...(wordIn(model) && { model }),
});

/** Reads the text of a delta or message. Some servers send an answer by a schema as the object itself. */
const contentIn = ({ content, parsed }: WireObject): string => {
  const isPart = isObject(content) && (typeof content.type === "string" || "text" in content);
  if (isObject(content) && !isPart) return JSON.stringify(content);
  return textIn(content) || (isObject(parsed) ? JSON.stringify(parsed) : "");
};

/** Gives what a message adds to the text so far: some servers send pieces of it, others all of it again. */
const addedBy = (message: WireObject, { text, calls }: State): WireObject => {
  const { parsed: _, tool_calls, ...rest } = message;
  const content = contentIn(message);
  return {
    ...rest,
    ...(calls.count() === 0 && { tool_calls }),
    content: content.startsWith(text) ? content.slice(text.length) : content,
  };
};

/** Reads the delta of a choice; the message of one that came whole. */
const deltaOf = (choice: WireObject, state: State): WireObject => {
  if (isObject(choice.delta) && Object.keys(choice.delta).length > 0) return choice.delta;
  if (isObject(choice.message)) return addedBy(choice.message, state);
  return choice.text === undefined ? {} : { content: choice.text };
};

const thoughtIn = (delta: WireObject): string => {
  const { content, reasoning_content, reasoning, thinking, reasoning_details } = delta;
  const parts = listIn(content).filter((part) => /think|reason/.test(String(objectIn(part).type)));
  const inside = parts.map((part) => textIn(objectIn(part).thinking ?? objectIn(part).text));
  const said = textIn(reasoning_content ?? reasoning ?? thinking);
  return said || inside.join("") || textIn(reasoning_details);
};

const chunk = (
  { head }: State,
  delta: WireObject,
  finish_reason: string | null = null,
): WireEvent => event({ ...head, choices: [{ index: 0, delta, finish_reason }] });

const readDelta = (state: State, delta: WireObject): WireEvent[] => {
  const content = contentIn(delta);
  const refusal = wordIn(delta.refusal) ?? "";
  const legacy = isObject(delta.function_call) ? [{ function: delta.function_call }] : [];
  const called = [...listIn(delta.tool_calls), ...legacy].flatMap((call) =>
    state.calls.read(objectIn(call)),
  );
  state.overheard.thought(thoughtIn(delta));
  state.overheard.text(content);
  if (content || refusal) state.hasText = true;
  state.text += content;
  const said = { ...(content && { content }), ...(refusal && { refusal }) };
  return [
    ...(content || refusal ? [chunk(state, said)] : []),
    ...called.map((call) => chunk(state, { tool_calls: [call] })),
  ];
};

const readEnding = (state: State, { finish_reason }: WireObject): void => {
  const kind = endingIn(finish_reason);
  if (kind === null) return;
  state.ending = { kind, word: String(finish_reason) };
  if (state.progress === "open") state.progress = "answered";
};

const readUsage = (state: State, data: WireObject, choice: WireObject): WireEvent[] => {
  const usage = usageIn(data.usage ?? choice.usage ?? objectIn(data.x_groq).usage);
  if (!usage) return [];
  if (state.ending && listIn(data.choices).length === 0) state.progress = "over";
  return [event({ ...state.head, choices: [], usage })];
};

/** Gives why the answer ended; null when it broke off. */
const endingOf = ({ ending, isDone, calls, hasText }: State): Ending | null => {
  if (ending) return ending.kind;
  const isWhole = isDone ? hasText || calls.count() > 0 : calls.areWhole();
  return isWhole ? "stop" : null;
};

/** Reads streams of the Chat Completions API, as OpenAI and many compatible servers send them. */
export const openChatReader: OpenReader = readerOf(
  (overheard): State => ({
    ...beginReading(overheard),
    head: {},
    ending: null,
    hasText: false,
    text: "",
    calls: openChatCalls(),
  }),
  {
    read: (state, { data }) => {
      const error = errorIn(data);
      if (error) return [event({ error })];
      Object.assign(state.head, headOf(data));
      const choice = choiceOf(data);
      const events = readDelta(state, deltaOf(choice, state));
      readEnding(state, choice);
      const isWhole = isObject(choice.message) && !isObject(choice.delta) && state.ending !== null;
      if (isWhole) Object.assign(state, { isDone: true, progress: "over" });
      return [...events, ...readUsage(state, data, choice)];
    },
    end: (state) => {
      const kind = endingOf(state);
      if (kind === null) return [];
      if (kind === "other") return [chunk(state, {}, state.ending?.word ?? "error")];
      const isCalled = kind === "stop" && state.calls.count() > 0;
      return [chunk(state, {}, reasons[isCalled ? "tools" : kind])];
    },
  },
);
