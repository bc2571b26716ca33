import { createParser, type EventSourceMessage } from "eventsource-parser";
import type { WireEvent } from "./reader.ts";
import { isObject } from "./values.ts";

/** What came: events, the word that nothing more comes, or data that cannot be read. */
export type Incoming = WireEvent | "done" | { broken: string };

/** Reads the bytes of a response. */
export type Framing = {
  feed: (bytes: Uint8Array) => Incoming[];
  /** Gives what is left at the end. */
  flush: () => Incoming[];
  /** Writes an event as the SDK reads it. */
  write: (event: WireEvent) => Uint8Array;
  /** Writes what cannot be read as it came, so that the SDK refuses it. */
  writeBroken: (broken: string) => Uint8Array;
};

/** Characters of one event, or of an answer that comes as one JSON document. */
const maxCharacters = 32_000_000;
/** An unfinished JSON document is read again with each piece until it is whole: so many characters in all. */
const maxReread = 64_000_000;

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Lists the events in a JSON value; a list of them is what Google sends without SSE. */
const eventsOf = (name: string | null, value: unknown): WireEvent[] =>
  (Array.isArray(value) ? value : [value]).flatMap((data) =>
    isObject(data) ? [{ name, data }] : [],
  );

const isDoneWord = (data: string) => /^\s*\[?\s*done\s*\]?\s*$/i.test(data);

/** Reads several JSON documents, one a line; null when a line is none. */
const readLines = (name: string | null, data: string): Incoming[] | null => {
  const lines = data.split(/\r\n?|\n/).filter((line) => line.trim() !== "");
  const values = lines.map((line) => (isDoneWord(line) ? "[DONE]" : parsed(line)));
  if (lines.length < 2 || values.includes(undefined)) return null;
  return values.flatMap((value): Incoming[] =>
    value === "[DONE]" ? ["done"] : eventsOf(name, value),
  );
};

/** Reads the data of one event. What does not look like JSON only keeps the connection open. */
const readData = (name: string | null, given: string): Incoming[] => {
  const data = given.replace(/^\s*data:\s*/, "");
  if (isDoneWord(data)) return ["done"];
  const value = parsed(data);
  if (value !== undefined) return eventsOf(name, value);
  const lines = readLines(name, data);
  if (lines) return lines;
  return /^\s*[[{]/.test(data) ? [{ broken: data }] : [];
};

const openSse = () => {
  const found: Incoming[] = [];
  const onEvent = ({ event, data }: EventSourceMessage) => {
    found.push(...readData(event ?? null, data));
  };
  const onError = ({ type }: { type: string }) => {
    if (type === "max-buffer-size-exceeded") throw new Error("An event of the answer is too long.");
  };
  const parser = createParser({ onEvent, onError, maxBufferSize: maxCharacters });
  return {
    feed: (text: string): Incoming[] => {
      parser.feed(text);
      return found.splice(0);
    },
    // The last event may lack the blank line after it.
    flush: (): Incoming[] => {
      parser.feed("\n\n");
      return found.splice(0);
    },
  };
};

/** Reads an answer that is JSON: one document, or one a line. */
const openJson = () => {
  let text = "";
  let reread = maxReread;
  let documents = 0;
  const take = (): Incoming[] => {
    const value = parsed(text);
    const found = value === undefined ? readLines(null, text) : [...eventsOf(null, value)];
    if (found) text = "";
    documents += value === undefined ? (found?.length ?? 0) : 1;
    return found ?? [];
  };
  return {
    feed: (piece: string): Incoming[] => {
      text += piece;
      if (text.length > maxCharacters) throw new Error("The answer is too long.");
      if (!/[\]}]\s*$/.test(piece) || reread < text.length) return [];
      reread -= text.length;
      return take();
    },
    flush: (): Incoming[] => {
      const found = take();
      if (text.trim() !== "") return [{ broken: text }];
      // One document that has ended is the whole answer; the lines of a stream may have been cut off.
      return documents === 1 ? [...found, "done"] : found;
    },
  };
};

const encoder = new TextEncoder();
const encode = (data: string) => encoder.encode(`data: ${data}\n\n`);

/** Reads server-sent events, or JSON where a stream was asked for. */
export const openTextFraming = (): Framing => {
  const decoder = new TextDecoder();
  let head = "";
  let inner: ReturnType<typeof openSse> | null = null;
  const feed = (piece: string): Incoming[] => {
    if (inner) return inner.feed(piece);
    head += piece;
    const begin = head.trimStart();
    if (begin === "") return [];
    inner = begin.startsWith("{") || begin.startsWith("[") ? openJson() : openSse();
    return inner.feed(begin);
  };
  return {
    feed: (bytes) => feed(decoder.decode(bytes, { stream: true })),
    flush: () => [...feed(decoder.decode()), ...(inner?.flush() ?? [])],
    write: ({ data }) => encode(JSON.stringify(data)),
    writeBroken: (broken) => encode(broken.replaceAll(/[\r\n]+/g, " ")),
  };
};
