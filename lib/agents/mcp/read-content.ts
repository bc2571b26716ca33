import { shorten, truncate } from "../../domain/common.ts";
import { canonicalJson, isObject, Json, wellFormed } from "../../domain/json.ts";

/** Characters of a result that a model gets, its markers included. */
const maxCharacters = 20_000;
/** Markers and links of one result. */
const maxMarkers = 20;

/** What a tool's result says: texts, and a marker for each part that is no text. */
type Parts = { texts: string[]; markers: string[] };

const short = (value: unknown): string =>
  typeof value === "string" && value.trim() !== "" ? truncate(value.trim(), 200) : "";

const list = (...words: string[]): string => words.filter((word) => word !== "").join(", ");

/** `14 KB`, as people write it: of the bytes that a text in Base64 stands for. */
const sizeOf = (data: unknown): string => {
  if (typeof data !== "string") return "";
  const bytes = Math.floor((data.length * 3) / 4);
  return bytes < 1_000 ? `${bytes} bytes` : `${Math.round(bytes / 1_000)} KB`;
};

const marker = (...words: string[]): string => `[${list(...words, "not shown")}]`;

/** Replaces pictures and files that stand in a text as `data:` addresses. */
const withoutData = (text: string): string =>
  text.replace(
    /data:([\w.+-]{1,80}\/[\w.+-]{1,80})?(?:;[\w=.+-]{1,80})*;base64,([A-Za-z0-9+/=_-]{200,})/g,
    (_, type, data) => marker("data", type ?? "", sizeOf(data)),
  );

const textPart = (text: unknown): Parts => {
  if (typeof text === "string") return { texts: [withoutData(text)], markers: [] };
  if (text === null || text === undefined) {
    return { texts: [], markers: ["[a text that cannot be read]"] };
  }
  return { texts: [JSON.stringify(text)], markers: [] };
};

const none: Parts = { texts: [], markers: [] };

const joinParts = (all: readonly Parts[]): Parts => ({
  texts: all.flatMap(({ texts }) => texts),
  markers: all.flatMap(({ markers }) => markers),
});

/** Reads a resource, also one that holds the list of its `contents`, as the answer to `resources/read` does. */
const resourcePart = (resource: unknown): Parts => {
  if (!isObject(resource)) return { texts: [], markers: ["[a resource that cannot be read]"] };
  const { uri, text, blob, mimeType, contents } = resource;
  if (Array.isArray(contents)) return joinParts(contents.map(resourcePart));
  if (typeof text === "string") {
    const title = short(uri);
    return { texts: [`${title ? `${title}:\n` : ""}${withoutData(text)}`], markers: [] };
  }
  return { texts: [], markers: [marker("file", short(mimeType), sizeOf(blob), short(uri))] };
};

const linkPart = ({ name, title, uri, description }: { [key: string]: unknown }): Parts => ({
  texts: [],
  markers: [`[link: ${list(short(title) || short(name), short(uri), short(description))}]`],
});

type PartReader = (part: { [key: string]: unknown }) => Parts;

const binary =
  (word: string): PartReader =>
  ({ data, mimeType, mime_type }) => ({
    texts: [],
    markers: [marker(word, short(mimeType) || short(mime_type), sizeOf(data))],
  });

const partReaders: Readonly<Record<string, PartReader>> = {
  text: ({ text }) => textPart(text),
  image: binary("image"),
  audio: binary("audio"),
  video: binary("video"),
  resource: ({ type: _, resource, ...own }) =>
    resourcePart(resource === undefined && Object.keys(own).length > 0 ? own : resource),
  resource_link: linkPart,
};

const readPart = (part: unknown): Parts => {
  if (typeof part === "string") return textPart(part);
  if (typeof part === "number" || typeof part === "boolean") return textPart(String(part));
  if (!isObject(part)) return { texts: [], markers: ["[a part that cannot be read]"] };
  const { type, text } = part;
  if (typeof type === "string" && Object.hasOwn(partReaders, type)) {
    return partReaders[type]?.(part) ?? { texts: [], markers: [] };
  }
  if (typeof text === "string") return textPart(text);
  const kind = short(type) ? ` of the kind "${short(type)}"` : "";
  return { texts: [], markers: [`[a part${kind} that cannot be read]`] };
};

const readParts = (content: unknown): Parts => joinParts([content ?? []].flat(3).map(readPart));

/** Gives the JSON in a text in its canonical form, or the text itself. */
const canonical = (text: string): string => {
  try {
    const parsed = Json.safeParse(JSON.parse(text));
    return parsed.success ? canonicalJson(parsed.data) : text;
  } catch {
    return text;
  }
};

/** The value in `{"result": value}`: some servers wrap what is no object, and give the bare value as text. */
const unwrapped = (value: Json): Json | undefined =>
  isObject(value) && Object.keys(value).join() === "result" ? (value.result as Json) : undefined;

const isSaidBy = (value: Json, texts: readonly string[]): boolean => {
  const said = texts.map(canonical);
  const written = canonicalJson(value);
  const isItems =
    Array.isArray(value) &&
    value.length > 0 &&
    value.length === texts.length &&
    value.every((item, index) => canonicalJson(item) === said[index] || item === texts[index]);
  return said.includes(written) || texts.some((text) => text === value) || isItems;
};

/** Gives `structuredContent` as text; nothing when the texts say the same. */
const structuredText = (given: unknown, texts: readonly string[]): Parts => {
  if (given === undefined || given === null) return { texts: [], markers: [] };
  const parsed = Json.safeParse(given);
  if (!parsed.success) return { texts: [], markers: ["[structured content that cannot be read]"] };
  const inner = unwrapped(parsed.data);
  const isSaid = isSaidBy(parsed.data, texts) || (inner !== undefined && isSaidBy(inner, texts));
  return isSaid ? { texts: [], markers: [] } : textPart(JSON.stringify(parsed.data));
};

/** Gives the fields of a result that has no content at all, such as messages or a task, as text. */
const otherText = ({
  _meta,
  isError,
  resultType,
  content,
  structuredContent,
  ...others
}: {
  [key: string]: unknown;
}): Parts => (Object.keys(others).length > 0 ? textPart(JSON.stringify(others)) : none);

const shownMarkers = (markers: readonly string[]): string[] => {
  const more = markers.length - maxMarkers;
  return more > 0
    ? [...markers.slice(0, maxMarkers), `[${more} more parts, not shown]`]
    : [...markers];
};

/** Joins the texts and the markers. What is too long is cut from the texts. */
const joined = ({ texts, markers }: Parts): string => {
  const below = shownMarkers(markers).join("\n");
  const text = texts.filter((one) => one !== "").join("\n");
  const room = maxCharacters - below.length - 60;
  return (
    [shorten(text, room), below].filter((one) => one !== "").join("\n") || "(the answer is empty)"
  );
};

/** What a tool's result says in words. `isError`: the tool says that it failed. */
export type McpToolAnswer = { text: string; isError: boolean };

/**
 * Reads the result of a tool that has run. What cannot be read leaves a marker: the tool did its work all the same. Texts
 * come first, pictures and files are named only, and each content stands there once.
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/server/tools#tool-result
 */
export const readToolResult = (result: unknown): McpToolAnswer => {
  const read = wellFormed(result);
  if (!isObject(read)) return { text: joined(readParts(read)), isError: false };
  const { content, contents, structuredContent, toolResult, isError } = read;
  const parts = joinParts([readParts(content), contents ? resourcePart({ contents }) : none]);
  const structured = structuredText(structuredContent ?? toolResult, parts.texts);
  const all = joinParts([parts, structured]);
  const isSilent = all.texts.length + all.markers.length === 0;
  return {
    text: joined(isSilent ? otherText(read) : all),
    isError: /^(true|yes|1)$/i.test(`${isError}`),
  };
};
