import type { EventReader } from "./reader.ts";
import type { Framing, Incoming } from "./sse.ts";

/** Milliseconds that a connection may stay open without events: after an answer whose counts may follow, and after all of it. */
export type AnswerGrace = { answeredMs: number; overMs: number };

type Parts = { reader: EventReader; framing: Framing; grace: AnswerGrace };

const late = Symbol("late");

/** Waits for a piece, as long as the answer is not whole; afterwards for its grace only. */
const within = async <T>(waiting: Promise<T>, until: number | null): Promise<T | typeof late> => {
  if (until === null) return waiting;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<typeof late>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, until - performance.now()), late);
  });
  try {
    return await Promise.race([waiting, timeout]);
  } finally {
    clearTimeout(timer);
  }
};

const writeIncoming = ({ reader, framing }: Parts, incoming: Incoming): Uint8Array[] => {
  if (incoming === "done") {
    reader.done();
    return [];
  }
  // Half an event after the answer lacks nothing.
  if ("broken" in incoming)
    return reader.progress() === "open" ? [framing.writeBroken(incoming.broken)] : [];
  return reader.read(incoming).map(framing.write);
};

/** Gives when a connection is taken for finished, in milliseconds of the process's clock; null while the answer is not whole. */
const deadlineOf = ({ reader, grace }: Parts): number | null => {
  const progress = reader.progress();
  if (progress === "open") return null;
  return performance.now() + (progress === "over" ? grace.overMs : grace.answeredMs);
};

type Source = ReadableStreamDefaultReader<Uint8Array>;

/** Reads the next piece; null at the end. An answer that is whole may end in any way. */
const nextPiece = async (source: Source, until: number | null): Promise<Uint8Array | null> => {
  try {
    const next = await within(source.read(), until);
    if (next === late) {
      source.cancel().catch(() => undefined);
      return null;
    }
    return next.done ? null : next.value;
  } catch (error) {
    if (until !== null) return null;
    throw error;
  }
};

/** Reads pieces into what is to be written, and knows when the answer is over. */
const openAnswer = (parts: Parts) => {
  const { reader, framing } = parts;
  let progress = reader.progress();
  let until: number | null = null;
  return {
    until: () => until,
    /** Reads a piece; null is the end. */
    read: (piece: Uint8Array | null): Uint8Array[] => {
      const incoming = piece ? framing.feed(piece) : framing.flush();
      const written = incoming.flatMap((each) => writeIncoming(parts, each));
      // What only keeps the connection open prolongs nothing.
      if (written.length > 0 || reader.progress() !== progress) until = deadlineOf(parts);
      progress = reader.progress();
      return piece ? written : [...written, ...reader.end().map(framing.write)];
    },
  };
};

/** Rewrites a provider's answer as it comes. It ends when the answer does, even if the connection stays open. */
export const rewriteAnswer = (
  body: ReadableStream<Uint8Array>,
  parts: Parts,
): ReadableStream<Uint8Array> => {
  const source = body.getReader();
  const answer = openAnswer(parts);
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
    let written: Uint8Array[] = [];
    let piece: Uint8Array | null = null;
    do {
      piece = await nextPiece(source, answer.until());
      written = answer.read(piece);
    } while (piece && written.length === 0);
    for (const bytes of written) controller.enqueue(bytes);
    if (!piece) controller.close();
  };
  return new ReadableStream<Uint8Array>({ pull, cancel: (reason) => source.cancel(reason) });
};
