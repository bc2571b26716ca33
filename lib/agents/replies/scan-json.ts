import { readSingleQuoted } from "./single-quoted.ts";

/** A part of a text, up to and without `end`. */
export type TextSpan = { start: number; end: number };

/** A part of a text that strict JSON writes in another way; `what` names the mend. */
export type JsonEdit = TextSpan & { text: string; what: string };

type Frame = { start: number; isList: boolean };

type Want = "value" | "valueOrEnd" | "key" | "keyOrEnd" | "colon" | "commaOrEnd";

type ScanState = {
  text: string;
  at: number;
  want: Want;
  open: Frame[];
  /** The objects and lists that are whole, by their ends: what is inside another one comes first. */
  whole: TextSpan[];
  /** Where objects and lists begin. */
  begun: number[];
  edits: JsonEdit[];
};

export type JsonScan = Pick<ScanState, "whole" | "begun" | "edits"> & {
  /** Where the objects and lists begin that the end of the text cuts off. */
  open: number[];
  /** Where the value ends, or where no value can go on. */
  end: number;
  isWhole: boolean;
};

/** White space, and comments as programs have them. */
const space = /(?:[\s\uFEFF]+|\/\/[^\n\r]*|\/\*[\s\S]*?\*\/)*/y;
const literal = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|True|False|None/y;
const pythonLiterals: Readonly<Record<string, string>> = {
  True: "true",
  False: "false",
  None: "null",
};
const smartQuotes = "“”„‟";

const skipSpace = (text: string, at: number): number => {
  space.lastIndex = at;
  space.test(text);
  return space.lastIndex;
};

const strangeSpace = /[^\t\n\r ]/;

/** Passes white space and comments; what JSON does not take as such becomes a space. */
const passSpace = (state: ScanState): void => {
  const { text, at: start, edits } = state;
  const end = skipSpace(text, start);
  state.at = end;
  const passed = text.slice(start, end);
  if (!strangeSpace.test(passed)) return;
  const what = passed.includes("/") ? "a comment" : "strange white space";
  edits.push({ start, end, text: " ", what });
};

/** Writes a control character as JSON does in a string. */
const escaped = (character: string) => JSON.stringify(character).slice(1, -1);

const isControl = (code: number) => code < 0x20;

/** Passes the string that begins at `at`. Gives where it ends; -1 when the text ends before. */
const passString = ({ text, at, edits }: ScanState): number => {
  for (let index = at + 1; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 0x22) return index + 1;
    if (code === 0x5c) {
      if (text[index + 1] === "'")
        edits.push({ start: index, end: index + 2, text: "'", what: "an escape" });
      index += 1;
    } else if (isControl(code)) {
      const raw = escaped(text.charAt(index));
      edits.push({ start: index, end: index + 1, text: raw, what: "a raw control character" });
    }
  }
  return -1;
};

/** Passes a string in typographic quotes that holds no others, nor what would need an escape. */
const passSmartString = ({ text, at, edits }: ScanState): number => {
  const inner = /[^“”„‟"\\]*/y;
  inner.lastIndex = at + 1;
  inner.test(text);
  const end = inner.lastIndex;
  if (end >= text.length) return -1;
  if (!smartQuotes.includes(text.charAt(end))) return at;
  const strict = JSON.stringify(text.slice(at + 1, end));
  edits.push({ start: at, end: end + 1, text: strict, what: "typographic quotes" });
  return end + 1;
};

/** Passes a string in single quotes. */
const passSingleQuoted = ({ text, at, edits }: ScanState): number => {
  const read = readSingleQuoted(text, at);
  if (read === null) return at;
  const { end, strict } = read;
  if (end >= 0) edits.push({ start: at, end, text: strict, what: "single quotes" });
  return end;
};

const passers: Readonly<Record<string, (state: ScanState) => number>> = {
  '"': passString,
  "'": passSingleQuoted,
  ...Object.fromEntries([...smartQuotes].map((quote) => [quote, passSmartString])),
};

/** Passes a string. Gives false when there is none; at the end of the text it moves behind it. */
const string = (state: ScanState, next: Want): boolean => {
  const end = passers[state.text.charAt(state.at)]?.(state) ?? state.at;
  if (end === state.at) return false;
  state.at = end < 0 ? state.text.length : end;
  if (end >= 0) state.want = next;
  return true;
};

const open = (state: ScanState, isList: boolean): true => {
  state.open.push({ start: state.at, isList });
  state.begun.push(state.at);
  state.want = isList ? "valueOrEnd" : "keyOrEnd";
  state.at += 1;
  return true;
};

const close = (state: ScanState): boolean => {
  const frame = state.open.at(-1);
  if (state.text[state.at] !== (frame?.isList ? "]" : "}")) return false;
  state.open.pop();
  state.at += 1;
  state.whole.push({ start: frame?.start ?? 0, end: state.at });
  state.want = "commaOrEnd";
  return true;
};

const scalar = (state: ScanState): boolean => {
  literal.lastIndex = state.at;
  const [word] = literal.exec(state.text) ?? [];
  if (word === undefined) return false;
  const end = state.at + word.length;
  const strict = pythonLiterals[word];
  if (strict) state.edits.push({ start: state.at, end, text: strict, what: `the word ${word}` });
  state.at = end;
  state.want = "commaOrEnd";
  return true;
};

const value = (state: ScanState): boolean => {
  const character = state.text[state.at];
  if (character === "{" || character === "[") return open(state, character === "[");
  return string(state, "commaOrEnd") || scalar(state);
};

/** Passes a comma; one before the end of its object or list is left out. */
const comma = (state: ScanState): boolean => {
  if (state.text[state.at] !== ",") return false;
  const isList = state.open.at(-1)?.isList ?? false;
  const next = skipSpace(state.text, state.at + 1);
  if (state.text[next] === (isList ? "]" : "}")) {
    state.edits.push({ start: state.at, end: state.at + 1, text: "", what: "a trailing comma" });
  } else {
    state.want = isList ? "value" : "key";
  }
  state.at += 1;
  return true;
};

const colon = (state: ScanState): boolean => {
  if (state.text[state.at] !== ":") return false;
  state.at += 1;
  state.want = "value";
  return true;
};

/** Passes what is wanted; gives false when something else comes. */
const steps: Readonly<Record<Want, (state: ScanState) => boolean>> = {
  value,
  valueOrEnd: (state) => close(state) || value(state),
  key: (state) => string(state, "colon"),
  keyOrEnd: (state) => close(state) || string(state, "colon"),
  colon,
  commaOrEnd: (state) => comma(state) || close(state),
};

/**
 * Scans the object or list that begins at `start`, without recursion and in the time of its length. It also passes what is no
 * strict JSON but has one meaning only: a trailing comma, a raw control character in a string, `\'`, typographic quotes around
 * a string, single quotes as in Python, comments, `True`, `False` and `None`. `edits` make strict JSON of it.
 */
export const scanJson = (text: string, start: number): JsonScan => {
  const state: ScanState = {
    ...{ text, at: start, want: "value" },
    ...{ open: [], whole: [], begun: [], edits: [] },
  };
  const ended = (isWhole: boolean): JsonScan => {
    const { whole, begun, edits, at } = state;
    const open = at >= text.length ? state.open.map((frame) => frame.start) : [];
    return { whole, begun, edits, open, end: at, isWhole };
  };
  for (;;) {
    passSpace(state);
    if (state.at >= text.length) return ended(false);
    if (!steps[state.want](state)) return ended(false);
    if (state.open.length === 0) return ended(true);
  }
};

/** Makes strict JSON of a part of a text by the edits of its scan. */
export const strictJson = (
  text: string,
  { start, end }: TextSpan,
  edits: readonly JsonEdit[],
): string => {
  let at = start;
  const pieces: string[] = [];
  for (const edit of edits) {
    pieces.push(text.slice(at, edit.start), edit.text);
    at = edit.end;
  }
  return [...pieces, text.slice(at, end)].join("");
};
