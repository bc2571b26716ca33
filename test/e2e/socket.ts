import { once } from "node:events";
import { connect } from "node:net";
import { inject } from "vitest";
import { waitFor } from "./client.ts";
import type { Problem, ProjectEvent } from "./model.ts";

const origin = inject("ws");

interface Frame {
  type: string;
  project_id?: string;
  head?: number;
  from: number;
  to: number;
  events: ProjectEvent[];
  problem?: Problem;
}

export interface Socket extends AsyncDisposable {
  frames: Frame[];
  /** Size of the largest frame, in bytes. */
  largest: () => number;
  send: (message: unknown) => void;
  /** The first frame of that type which has not been taken yet. */
  take: (type: string) => Promise<Frame>;
  onEvents: (apply: (frame: Frame) => void) => void;
  onClose: (closed: () => void) => void;
  isOpen: () => boolean;
  close: () => void;
}

/** Connects; `query` goes into the address (project_id, after). */
export const openSocket = async (query: Record<string, string | number> = {}): Promise<Socket> => {
  const search = new URLSearchParams(
    Object.entries(query).map(([name, value]) => [name, String(value)] as [string, string]),
  );
  const socket = new WebSocket(`${origin}/?${search}`);
  const frames: Frame[] = [];
  const taken = new Set<Frame>();
  const appliers: ((frame: Frame) => void)[] = [];
  let largest = 0;
  socket.addEventListener("message", ({ data }) => {
    largest = Math.max(largest, Buffer.byteLength(String(data)));
    const frame = JSON.parse(String(data)) as Frame;
    frames.push(frame);
    if (frame.type === "events") for (const apply of appliers) apply(frame);
  });
  await opened(socket);
  const take = async (type: string) => {
    const untaken = () => frames.find((frame) => frame.type === type && !taken.has(frame));
    const frame = await waitFor(untaken, (found) => found !== undefined, {
      everyMs: 10,
    }).catch(() => {
      throw new Error(`no "${type}" frame; came: ${JSON.stringify(frames).slice(0, 2_000)}`);
    });
    taken.add(frame as Frame);
    return frame as Frame;
  };
  return {
    frames,
    largest: () => largest,
    send: (message) => socket.send(typeof message === "string" ? message : JSON.stringify(message)),
    take,
    onEvents: (apply) => {
      for (const frame of frames) if (frame.type === "events") apply(frame);
      appliers.push(apply);
    },
    onClose: (closed) => socket.addEventListener("close", () => closed()),
    isOpen: () => socket.readyState === WebSocket.OPEN,
    close: () => socket.close(),
    [Symbol.asyncDispose]: async () => socket.close(),
  };
};

const opened = (socket: WebSocket) =>
  new Promise<void>((resolve, reject) => {
    socket.addEventListener("open", () => resolve());
    socket.addEventListener("error", () => reject(new Error("the socket was refused")));
  });

export interface Log {
  events: ProjectEvent[];
  last: () => number;
  /** Applies what this socket brings: drops what it has, asks again after a gap. */
  follow: (socket: Socket) => void;
}

/** A client's copy of a project's log, kept by the contract's client rule. */
export const createLog = (projectId: string): Log => {
  const events: ProjectEvent[] = [];
  const last = () => events.at(-1)?.seq ?? 0;
  const apply = (socket: Socket) => (frame: Frame) => {
    if (frame.project_id !== projectId) return;
    const isGap = frame.from > last() + 1;
    if (isGap && socket.isOpen()) return askAgain(socket);
    if (!isGap) events.push(...frame.events.filter(({ seq }) => seq > last()));
  };
  const askAgain = (socket: Socket) =>
    socket.send({ action: "subscribe", project_id: projectId, after: last() });
  return { events, last, follow: (socket) => socket.onEvents(apply(socket)) };
};

/** Pings until the log holds `head`: a client whose frame got lost asks for it. */
export const catchUp = (log: Log, socket: Socket, projectId: string, head: number) =>
  waitFor(
    () => {
      if (log.last() < head)
        socket.send({ action: "ping", project_id: projectId, last: log.last() });
      return log.last();
    },
    (last) => last >= head,
    { everyMs: 500 },
  );

/** Opens a raw connection that speaks the handshake and then never reads. */
export const openRaw = async (query: Record<string, string>) => {
  const { hostname, port } = new URL(origin);
  const raw = connect(Number(port), hostname);
  raw.on("error", () => {});
  await once(raw, "connect");
  raw.write(
    `GET /?${new URLSearchParams(query)} HTTP/1.1\r\nHost: ${hostname}\r\nConnection: Upgrade\r\n` +
      "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
  );
  await once(raw, "readable");
  return raw;
};
