import type { Event } from "../../lib/domain/events.ts";
import { follow } from "../demo/follow.ts";

const LIMIT_MS = 60_000;

/** An event, and when it came in milliseconds of this machine's clock. */
export type Arrival = { event: Event; atMs: number };

export type Watch = {
  arrivals: readonly Arrival[];
  /** Resolves when the replay has ended. */
  live: Promise<void>;
  /** Gives the first arrival that fits, past or future. Rejects when none comes in time. */
  first: (fits: (arrival: Arrival) => boolean) => Promise<Arrival>;
} & Disposable;

/** Opens a socket, follows a project and notes when each event comes. */
export const watchProject = (ws: string, projectId: string): Watch => {
  const arrivals: Arrival[] = [];
  const waiting = new Set<(arrival: Arrival) => void>();
  const stop = new AbortController();
  const live = Promise.withResolvers<void>();
  const onEvents = (events: Event[], isLive: boolean) => {
    const atMs = Date.now();
    for (const event of events) {
      arrivals.push({ event, atMs });
      for (const notify of waiting) notify({ event, atMs });
    }
    if (isLive) live.resolve();
  };
  const following = follow({ ws, projectId, onEvents, signal: stop.signal });
  following.catch(live.reject);
  const first: Watch["first"] = (fits) => {
    const found = arrivals.find(fits);
    if (found) return Promise.resolve(found);
    const { promise, resolve, reject } = Promise.withResolvers<Arrival>();
    const notify = (arrival: Arrival) => (fits(arrival) ? resolve(arrival) : undefined);
    const late = setTimeout(() => reject(new Error(`No such event in ${LIMIT_MS} ms.`)), LIMIT_MS);
    waiting.add(notify);
    following.catch(reject);
    return promise.finally(() => {
      clearTimeout(late);
      waiting.delete(notify);
    });
  };
  return { arrivals, live: live.promise, first, [Symbol.dispose]: () => stop.abort() };
};

/** Whether the event says that the project is complete. */
export const isCompletion = ({ event }: Arrival) =>
  event.event_type === "workflow_event" && event.data.event === "project_completed";
