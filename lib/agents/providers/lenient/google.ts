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
  isJson,
  isObject,
  listIn,
  objectIn,
  textIn,
  wordIn,
} from "./values.ts";

type State = AnswerReading & {
  ending: { kind: Ending; word: string } | null;
  parts: number;
  calls: number;
};

const knownEndings =
  /^(?:STOP|MAX_TOKENS|CONTINUATION|SAFETY|RECITATION|BLOCKLIST|PROHIBITED_CONTENT|SPII|IMAGE_SAFETY|MALFORMED_FUNCTION_CALL)$/;

const reasons: Readonly<Record<Ending, string>> = {
  stop: "STOP",
  length: "MAX_TOKENS",
  filter: "SAFETY",
  tools: "STOP",
  other: "OTHER",
};

const counts = [
  ["promptTokenCount"],
  ["candidatesTokenCount"],
  ["toolUsePromptTokenCount"],
  ["totalTokenCount"],
  ["cachedContentTokenCount"],
  ["thoughtsTokenCount"],
] as const;

const argumentsIn = (args: unknown): unknown => {
  if (typeof args === "string") return isJson(args) ? JSON.parse(args) : args;
  return args ?? undefined;
};

const callIn = ({ id, name, args, partialArgs, willContinue }: WireObject): WireObject | null => {
  const inParts = Array.isArray(partialArgs) ? { partialArgs } : {};
  const goesOn = typeof willContinue === "boolean" ? { willContinue } : {};
  if (!wordIn(name) && !Array.isArray(partialArgs)) return null;
  const input = argumentsIn(args);
  return {
    ...(wordIn(id) && { id }),
    ...(wordIn(name) && { name }),
    ...(input !== undefined && { args: input }),
    ...inParts,
    ...goesOn,
  };
};

const readCall = (state: State, call: WireObject, signed: WireObject): WireObject[] => {
  const functionCall = callIn(call);
  if (!functionCall) return [];
  state.calls += 1;
  return [{ functionCall, ...signed }];
};

/** Reads a part of an answer; what is neither a text nor a call is left out. */
const readPart = (state: State, part: unknown): WireObject[] => {
  const { thoughtSignature, thought, functionCall, function_call, ...rest } = objectIn(part);
  const signed = wordIn(thoughtSignature) ? { thoughtSignature } : {};
  const call = functionCall ?? function_call;
  if (isObject(call)) return readCall(state, call, signed);
  const text = textIn(isObject(part) ? rest : part);
  if (text === "" && !("thoughtSignature" in signed)) return [];
  if (thought === true) return [{ text, thought, ...signed }];
  state.overheard.text(text);
  return [{ text, ...signed }];
};

const partsIn = (content: unknown): unknown[] => {
  const { parts } = objectIn(content);
  const found = parts ?? content;
  return typeof found === "string" ? [found] : listIn(found);
};

const candidateOf = ({ candidates }: WireObject): WireObject => {
  const all = listIn(candidates).filter(isObject);
  return all.find(({ index }) => index === 0) ?? objectIn(all[0]);
};

/** Reads why the answer ended, as one of the words that the SDK knows. */
const readEnding = (state: State, finishReason: unknown): string | null => {
  const kind = endingIn(finishReason);
  if (kind === null) return null;
  const word = String(finishReason);
  state.ending = { kind, word };
  state.progress = "answered";
  return knownEndings.test(word) ? word : reasons[kind];
};

const errorIn = ({ error }: WireObject): WireObject | null => {
  if (error === undefined || error === null) return null;
  const { code, message, status } = objectIn(error);
  return {
    code: typeof code === "number" ? code : null,
    message: wordIn(message) ?? wordIn(error) ?? JSON.stringify(error),
    status: wordIn(status) ?? "UNKNOWN",
  };
};

const usageIn = (usage: unknown): WireObject | null => {
  const found = countsIn(usage, counts);
  return Object.keys(found).length > 0 ? found : null;
};

const read = (state: State, data: WireObject): WireEvent[] => {
  const error = errorIn(data);
  if (error) return [event({ error })];
  const candidate = candidateOf(data);
  const parts = partsIn(candidate.content).flatMap((part) => readPart(state, part));
  state.parts += parts.length;
  const finishReason = readEnding(state, candidate.finishReason);
  const usageMetadata = usageIn(data.usageMetadata);
  const { blockReason } = objectIn(data.promptFeedback);
  const answer = {
    ...(parts.length > 0 && { content: { parts } }),
    ...(finishReason && { finishReason }),
    ...(wordIn(candidate.continuationToken) && { continuationToken: candidate.continuationToken }),
  };
  const chunk = {
    ...(wordIn(data.responseId) && { responseId: data.responseId }),
    ...(wordIn(blockReason) && { promptFeedback: { blockReason } }),
    ...(usageMetadata && { usageMetadata }),
    ...(Object.keys(answer).length > 0 && { candidates: [answer] }),
  };
  return Object.keys(chunk).length > 0 ? [event(chunk)] : [];
};

/** Reads streams of Google's Gemini API. */
export const openGoogleReader: OpenReader = readerOf(
  (overheard): State => ({ ...beginReading(overheard), ending: null, parts: 0, calls: 0 }),
  {
    read: (state, { data }) => read(state, data),
    end: ({ ending, isDone, parts, calls }) => {
      const isWhole = isDone ? parts > 0 : calls > 0;
      return ending || !isWhole ? [] : [event({ candidates: [{ finishReason: "STOP" }] })];
    },
  },
);
