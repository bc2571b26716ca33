import type { Event } from "../../../lib/domain/events.ts";
import { authorizerOf } from "../../support/authenticator.ts";
import { definitions } from "./functions.ts";
import type { Gateway } from "./gateway.ts";
import type { Lambda } from "./lambda.ts";
import type { VirtualTime } from "./virtual-time.ts";

type Frame =
  | { type: "events"; project_id: string; from: number; to: number; events: Event[] }
  | { type: "subscribed" | "unsubscribed" | "pong" | "error" };

type Deps = { time: VirtualTime; gateway: Gateway; lambda: Lambda };

const reconnectMs = 1_000;
const pingMs = 60_000;
const gapMs = 1_000;

/** A client's copy of a log, by the contract's rule: drops what it has, and asks again after a gap. */
const openCopy = (ask: () => unknown) => {
  const log: Event[] = [];
  const hearers: ((event: Event) => void)[] = [];
  const last = () => log.at(-1)?.seq ?? 0;
  const apply = (event: Event) => {
    log.push(event);
    for (const hear of hearers) hear(event);
  };
  return {
    log,
    last,
    hear: (hearer: (event: Event) => void) => void hearers.push(hearer),
    take: (frame: Frame) => {
      if (frame.type !== "events" || frame.to <= last()) return;
      if (frame.from > last() + 1) return void ask();
      frame.events.filter(({ seq }) => seq > last()).forEach(apply);
    },
  };
};

/** A client that never asks for anything again: it puts in order what it gets. */
const openSilentCopy = () => {
  const got = new Map<number, Event>();
  const inOrder = () => [...got.values()].sort((a, b) => a.seq - b.seq);
  return {
    get log() {
      return inOrder();
    },
    last: () => inOrder().at(-1)?.seq ?? 0,
    hear: () => undefined,
    take: (frame: Frame) => {
      if (frame.type === "events") for (const event of frame.events) got.set(event.seq, event);
    },
  };
};

type Line = { id: string; connectedAt: number };

export type Manner = {
  /** Never asks for what it missed. */
  silent?: boolean;
  /** Subscribes by a message, not by the address. */
  byMessage?: boolean;
  /** `local` when left out. */
  tenant?: string;
};

/** Somebody who watches a project, and comes back when the socket has closed. */
export const openViewer = (deps: Deps, project_id: string, manner: Manner = {}) => {
  const { silent, byMessage, tenant = "local" } = manner;
  const authorizer = authorizerOf.socket({ tenant, user_id: "ann", roles: ["viewer"] });
  const { time, gateway, lambda } = deps;
  let socket: Line | null = null;
  let over = false;

  const invoke = (eventType: string, more: object = {}, line = socket) => {
    const { id: connectionId, connectedAt } = line ?? {};
    const requestContext = { eventType, connectionId, connectedAt, authorizer };
    return lambda.invoke(definitions.socket, { requestContext, ...more }, [tenant]);
  };
  const say = (message: object) => invoke("MESSAGE", { body: JSON.stringify(message) });
  let askedAt = 0;
  const goodbye = (line: Line) => {
    gateway.forget(line.id);
    return invoke("DISCONNECT", {}, line);
  };
  const ask = async () => {
    if (!socket || !gateway.isOpen(socket.id)) return;
    askedAt = time.now();
    await say({ action: "ping", project_id, last: copy.last() });
  };
  /** After a gap: once for all frames that come behind it. */
  const askAgain = () => {
    if (time.now() >= askedAt + gapMs) void ask();
  };
  const copy = silent ? openSilentCopy() : openCopy(askAgain);

  const onClose = () => {
    socket = null;
    if (!over) time.after(reconnectMs, connect);
  };
  const connect = async (): Promise<void> => {
    const id = gateway.connect(tenant, { onFrame: (frame) => copy.take(frame as Frame), onClose });
    socket = { id, connectedAt: time.now() };
    const query = byMessage ? null : { project_id, after: String(copy.last()) };
    const ended = await invoke("CONNECT", { headers: {}, queryStringParameters: query });
    const accepted =
      "answer" in ended && (ended.answer as { statusCode: number }).statusCode === 200;
    if (!accepted) return gateway.close(id);
    gateway.open(id);
    if (byMessage) await say({ action: "subscribe", project_id, after: copy.last() });
  };
  const keepAsking = () =>
    time.after(pingMs, async () => {
      if (over) return;
      await ask();
      keepAsking();
    });
  if (!silent) keepAsking();
  return {
    project_id,
    copy,
    connect,
    ask,
    /** The socket ends, and the gateway says so; one may connect again. */
    hangUp: () => {
      const left = socket;
      socket = null;
      if (left) void goodbye(left);
    },
    /** Goes away; the gateway says so, and that call may fail like any other. */
    leave: async () => {
      over = true;
      if (socket) await goodbye(socket);
    },
  };
};

export type Watcher = ReturnType<typeof openViewer>;
