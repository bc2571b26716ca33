import { isObject } from "../../domain/json.ts";

/** One thing that a server says is wrong: the path of the field, if it names one, and the words. */
export type Complaint = { field: string | null; words: string };

/** The fields of the SDK's errors in which servers' answers are. */
type SdkError = {
  statusCode?: unknown;
  message?: unknown;
  responseBody?: unknown;
  data?: unknown;
  cause?: unknown;
};

/** Characters of one complaint that are read: what follows may repeat the prompt. */
const maxWords = 400;
/** Complaints that are read, and levels of a body. */
const maxComplaints = 40;
const maxDepth = 6;

const parsedJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** A path as it is written: `["body", "store"]`, `tools[0].function`, `Value(store)`. */
const pathOf = (value: unknown): string | null => {
  if (typeof value === "string" && value.length <= 200) return value;
  if (!Array.isArray(value) || value.length > 30) return null;
  return value.filter((step) => step !== "body").join(".");
};

const fieldOf = ({ param, loc, field, path, pointer }: Record<string, unknown>): string | null =>
  pathOf(param) ?? pathOf(loc) ?? pathOf(field) ?? pathOf(path) ?? pathOf(pointer);

const wordsOf = (body: Record<string, unknown>): string | null => {
  const { message, msg, detail, description, error, reason } = body;
  const words = [message, msg, detail, description, error, reason].find(
    (text) => typeof text === "string" && text.trim(),
  );
  return (words as string | undefined) ?? null;
};

/** Reads paths and words from a list that a server wrote as text, as Python does: `{'loc': ('body', 'store'), 'msg': '…'}`. */
const inPython = (text: string): Complaint[] =>
  [...text.matchAll(/'loc': \(([^)]{1,200})\)[^{}]{0,20}?'msg': ["']([^"']{1,200})/g)].map(
    ([, loc = "", words = ""]) => ({
      field: loc
        .split(",")
        .map((step) => step.trim().replaceAll(/^['"]|['"]$/g, ""))
        .filter((step) => step && step !== "body")
        .join("."),
      words,
    }),
  );

/** Reads `output_config.format: Extra inputs are not permitted`: a path before the words. */
const withPath =
  /^(?:[\w ]{0,40}Error:? )?(?!(?:json|error|body|detail|request|[Vv]alidation|[Ii]nvalid|[Bb]ad)\b)([a-zA-Z_][\w[\].-]{1,120}): (\S.*)$/s;

const inText = (text: string, field: string | null): Complaint[] => {
  const [, path, words] = field === null ? (withPath.exec(text) ?? []) : [];
  const own =
    path && words
      ? { field: path, words: words.slice(0, maxWords) }
      : { field, words: text.slice(0, maxWords) };
  return [own, ...inPython(text)];
};

const inBody = (body: unknown, depth = 0): Complaint[] => {
  if (depth > maxDepth || body === null) return [];
  if (Array.isArray(body)) {
    return body.slice(0, maxComplaints).flatMap((each) => inBody(each, depth + 1));
  }
  if (typeof body === "string") {
    const inner = /^\s*[[{]/.test(body) ? parsedJson(body) : body;
    return typeof inner === "string" ? inText(inner, null) : inBody(inner, depth + 1);
  }
  if (!isObject(body)) return [];
  const words = wordsOf(body);
  const own = words === null ? [] : inText(words, fieldOf(body));
  const rest = Object.entries(body).flatMap(([name, value]) =>
    typeof value === "object" || name === "raw" ? inBody(value, depth + 1) : [],
  );
  return [...own, ...rest];
};

/** Statuses of failures that are about keys, money, time and load, and never about an option. */
const aboutOther: readonly unknown[] = [401, 402, 403, 408, 409, 413, 429, 502, 503, 504, 529];

/** Reads what a server says is wrong with a request, in the shapes of all providers; nothing for other failures. */
export const complaintsIn = (error: unknown): Complaint[] => {
  const { statusCode, message, responseBody, data, cause } = (
    typeof error === "object" && error !== null ? error : { message: error }
  ) as SdkError;
  if (aboutOther.includes(statusCode)) return [];
  const bodies = [typeof responseBody === "string" ? parsedJson(responseBody) : null, data, cause];
  const all = [...bodies.flatMap((body) => inBody(body)), ...inBody(message)];
  return all.slice(0, maxComplaints);
};
