import type { EventsFrame, ServerFrame, TokensFrame } from "../../lib/contracts/socket-messages.ts";
import type { Event } from "../../lib/domain/events.ts";
import type { ProblemDocument } from "../../lib/http/openapi/problems.ts";
import { pauseAfter } from "./backoff.ts";
import { takeFrame } from "./cursor.ts";

/** What the server sends: a problem is a whole document. */
type Frame =
  | Exclude<ServerFrame, { type: "error" }>
  | EventsFrame
  | TokensFrame
  | { type: "error"; problem: ProblemDocument };

export type Following = {
  ws: string;
  projectId: string;
  /** Called with new events, in order and without gaps; the list may be empty. `isLive` is false during the replay. */
  onEvents: (events: Event[], isLive: boolean) => void;
  /** Called when the connection is lost, and again with 0 when it is back. */
  onLost?: (nextTryMs: number) => void;
  signal: AbortSignal;
};

type Position = { last: number; head: number; askedFrom: number };

const PING_MS = 5_000;
const SILENCE_MS = 15_000;

const addressOf = ({ ws, projectId }: Following, last: number) => {
  const url = new URL(ws);
  url.searchParams.set("project_id", projectId);
  url.searchParams.set("after", String(last));
  return url;
};

/** Applies one frame. A second frame behind the same gap does not ask again; the next ping does. */
const apply = (following: Following, position: Position, socket: WebSocket, frame: EventsFrame) => {
  const { isGap, events, last } = takeFrame(position.last, frame);
  if (isGap && position.askedFrom !== last) {
    position.askedFrom = last;
    const { projectId: project_id } = following;
    socket.send(JSON.stringify({ action: "subscribe", project_id, after: last }));
  }
  position.last = last;
  return events;
};

const hear = (following: Following, position: Position, socket: WebSocket, frame: Frame) => {
  if (frame.type === "error") return refuse(frame.problem, socket);
  if (frame.type === "pong" || frame.project_id !== following.projectId) return;
  if (frame.type === "subscribed") position.head = frame.head;
  const events = frame.type === "events" ? apply(following, position, socket, frame) : [];
  following.onEvents(events, position.last >= position.head);
};

/** @throws Error when a new connection would be refused, too */
const refuse = ({ status, detail }: ProblemDocument, socket: WebSocket) => {
  if (status < 500) throw new Error(`The socket answers: ${detail}`);
  socket.close();
};

/** Pings with the last seq, so that lost events are found, and closes a connection that is silent. */
const keepAlive = (following: Following, position: Position, socket: WebSocket) => {
  let heardAt = Date.now();
  const timer = setInterval(() => {
    if (Date.now() - heardAt > SILENCE_MS) return socket.close();
    if (socket.readyState !== WebSocket.OPEN) return;
    const { projectId: project_id } = following;
    socket.send(JSON.stringify({ action: "ping", project_id, last: position.last }));
  }, PING_MS);
  return {
    heard: () => {
      heardAt = Date.now();
    },
    stop: () => clearInterval(timer),
  };
};

/**
 * Opens one connection and reads it until it closes.
 *
 * @returns whether any frame came
 * @throws Error when the server refuses and would refuse again
 */
const listen = (following: Following, position: Position) => {
  const { signal, onLost } = following;
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  const socket = new WebSocket(addressOf(following, position.last));
  const alive = keepAlive(following, position, socket);
  const close = () => socket.close();
  let isUseful = false;
  signal.addEventListener("abort", close);
  socket.addEventListener("open", () => onLost?.(0));
  socket.addEventListener("message", ({ data }) => {
    alive.heard();
    isUseful = true;
    try {
      hear(following, position, socket, JSON.parse(String(data)) as Frame);
    } catch (error) {
      reject(error);
      close();
    }
  });
  socket.addEventListener("error", () => resolve(isUseful));
  socket.addEventListener("close", () => resolve(isUseful));
  return promise.finally(() => {
    alive.stop();
    signal.removeEventListener("abort", close);
    close();
  });
};

const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });

/**
 * Follows a project's log from its first event until the signal fires. It connects again when a connection closes.
 *
 * @throws Error when no connection opens for half a minute, or the first one for some seconds
 */
export const follow = async (following: Following): Promise<void> => {
  const { signal, onLost, ws } = following;
  const position: Position = { last: 0, head: Number.POSITIVE_INFINITY, askedFrom: -1 };
  let failures = 0;
  while (!signal.aborted) {
    const wasUseful = await listen(following, position);
    failures = wasUseful ? 1 : failures + 1;
    const pauseMs = pauseAfter(failures, position.head !== Number.POSITIVE_INFINITY);
    if (pauseMs === null) throw new Error(`No connection to the WebSocket at ${ws}.`);
    if (signal.aborted) return;
    onLost?.(pauseMs);
    position.askedFrom = -1;
    await pause(pauseMs, signal);
  }
};
