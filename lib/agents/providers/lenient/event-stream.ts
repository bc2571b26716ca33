import { EventStreamCodec, type Message } from "@smithy/eventstream-codec";
import { type Framing, type Incoming, openTextFraming } from "./sse.ts";
import { isObject } from "./values.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

const codec = new EventStreamCodec(
  (bytes) => (typeof bytes === "string" ? bytes : decoder.decode(bytes)),
  (text) => encoder.encode(text),
);

/** Bytes of one message. https://docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html */
const maxMessageBytes = 24 * 1024 * 1024;
const minMessageBytes = 16;

const textHeader = ({ headers }: Message, name: string): string =>
  String(headers[name]?.value ?? "");

const readMessage = (message: Message): Incoming[] => {
  const type = textHeader(message, ":message-type");
  const name = textHeader(message, type === "event" ? ":event-type" : `:${type}-type`);
  const text = decoder.decode(message.body);
  try {
    const data: unknown = JSON.parse(text || "{}");
    return name !== "" && isObject(data) ? [{ name, data }] : [];
  } catch {
    return [{ broken: text }];
  }
};

const joined = (a: Uint8Array, b: Uint8Array): Uint8Array => {
  if (a.length === 0) return b;
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
};

const write = (messageType: string, name: string, body: string): Uint8Array =>
  codec.encode({
    headers: {
      [`:${messageType}-type`]: { type: "string", value: name },
      ":content-type": { type: "string", value: "application/json" },
      ":message-type": { type: "string", value: messageType },
    },
    body: encoder.encode(body),
  });

/** Gives the length of the first message; 0 while it has not come. @throws Error for a length that cannot be */
const lengthOf = (bytes: Uint8Array): number => {
  if (bytes.length < 4) return 0;
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, false);
  if (length < minMessageBytes || length > maxMessageBytes)
    throw new Error(`A message of the event stream has ${length} bytes.`);
  return length <= bytes.length ? length : 0;
};

const openMessages = () => {
  let bytes: Uint8Array = new Uint8Array(0);
  return {
    feed: (piece: Uint8Array): Incoming[] => {
      bytes = joined(bytes, piece);
      const found: Incoming[] = [];
      for (let length = lengthOf(bytes); length > 0; length = lengthOf(bytes)) {
        found.push(...readMessage(codec.decode(bytes.subarray(0, length))));
        bytes = bytes.slice(length);
      }
      return found;
    },
    flush: (): Incoming[] => (bytes.length > 0 ? [{ broken: "" }] : []),
  };
};

/** The first byte of a message is a part of its length; that of JSON is a brace, or white space. */
const isText = (bytes: Uint8Array) => (bytes[0] ?? 0) >= 0x09;

/**
 * Reads the binary event stream of AWS, or JSON where a stream was asked for.
 *
 * @see https://smithy.io/2.0/aws/amazon-eventstream.html
 */
export const openBinaryFraming = (): Framing => {
  let inner: Pick<Framing, "feed" | "flush"> | null = null;
  return {
    feed: (bytes) => {
      inner ??= isText(bytes) ? openTextFraming() : openMessages();
      return inner.feed(bytes);
    },
    flush: () => inner?.flush() ?? [],
    write: ({ name, data }) =>
      write(name?.endsWith("Exception") ? "exception" : "event", name ?? "", JSON.stringify(data)),
    writeBroken: (broken) => write("event", "broken", broken),
  };
};
