import type { Seen } from "./borders.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** What a client's side of a socket hears. */
export type Listener = { onFrame: (frame: unknown) => void; onClose: () => void };

type Socket = { listener: Listener; opened: boolean };

/** A socket may be younger than that and not be open yet: then it is too early to forget it. */
const settledMs = 15_000;

/** What the gateway says to a post: 200, or 410 in one of its two shapes. */
export type Posted = "posted" | "gone";

const flightMs = 3;

/** API Gateway's sockets: who is connected, and frames on their way. */
export const openGateway = (time: VirtualTime) => {
  const sockets = new Map<string, Socket>();
  const bornAt = new Map<string, number>();
  const refused = new Map<string, number>();
  const tenants = new Map<string, string>();
  const frames: Seen[] = [];
  let made = 0;
  const tenantOf = (id: string): string[] => {
    const tenant = tenants.get(id);
    return tenant === undefined ? [] : [tenant];
  };
  const close = (id: string) => {
    const socket = sockets.get(id);
    sockets.delete(id);
    if (socket) time.after(flightMs, socket.listener.onClose);
  };
  return {
    /** A client of a tenant begins to connect: nothing can be posted to it until it is opened. */
    connect: (tenant: string, listener: Listener): string => {
      made += 1;
      const id = `socket-${made}=`;
      bornAt.set(id, time.now());
      tenants.set(id, tenant);
      sockets.set(id, { listener, opened: false });
      return id;
    },
    open: (id: string) => {
      const socket = sockets.get(id);
      if (socket) socket.opened = true;
    },
    isOpen: (id: string) => sockets.get(id)?.opened === true,
    /** The client goes, or the gateway has lost it. */
    close,
    forget: (id: string) => void sockets.delete(id),
    post: (id: string, frame: string): Posted => {
      const socket = sockets.get(id);
      if (!socket?.opened) {
        const isOld = time.now() > (bornAt.get(id) ?? 0) + settledMs;
        if (isOld) refused.set(id, (refused.get(id) ?? 0) + 1);
        return "gone";
      }
      const what: unknown = JSON.parse(frame);
      frames.push({ tenants: tenantOf(id), what });
      time.after(flightMs, () => socket.listener.onFrame(what));
      return "posted";
    },
    /** Who connected; nobody for an id that the gateway has not made. */
    tenantOf,
    /** All that reached a client, by its tenant. */
    frames,
    /** How often somebody posted to each socket that is long gone. */
    refused,
  };
};

export type Gateway = ReturnType<typeof openGateway>;
