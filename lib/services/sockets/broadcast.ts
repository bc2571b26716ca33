import {
  connectGraceMs,
  isReplaying,
  type Posted,
  type Subscription,
} from "../../contracts/connection.ts";
import { framesOf } from "../../contracts/frames.ts";
import type { FramesMessage } from "../../contracts/queue-messages.ts";
import type { ProjectKey } from "../../domain/common.ts";
import type { Event } from "../../domain/events.ts";

/** Sockets that the committing process posts to itself; the rest is left to the fan-out queue. */
const maxInlineSockets = 200;
const maxConcurrentPosts = 25;

export type PostToWatchersDeps = {
  listSubscriptions: (key: ProjectKey) => Promise<Subscription[]>;
  post: (subscription: Subscription, frame: string) => Promise<Posted>;
  dropConnection: (subscription: Subscription) => Promise<void>;
  sendFanout: (message: FramesMessage) => Promise<void>;
  now: () => Date;
};

/** Runs `work` on each item, a bounded number at a time. */
export const forEachConcurrent = async <T>(
  items: readonly T[],
  maxConcurrent: number,
  work: (item: T) => Promise<void>,
): Promise<void> => {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(maxConcurrent, items.length) }, worker));
};

export type PostDeps = Pick<PostToWatchersDeps, "post" | "dropConnection" | "now">;

const isYoung = ({ connected_at }: Subscription, now: Date) =>
  now.getTime() - Date.parse(connected_at) < connectGraceMs;

/** Posts frames in order to one socket. One that is gone is forgotten; a young one is given time. */
const postAll = async (
  deps: PostDeps,
  subscription: Subscription,
  frames: readonly string[],
): Promise<void> => {
  if (subscription.expires_at <= deps.now().toISOString()) return deps.dropConnection(subscription);
  for (const frame of frames) {
    const posted = await deps.post(subscription, frame);
    if (/* guard: 410 clean-up */ posted === "gone" && !isYoung(subscription, deps.now())) {
      return deps.dropConnection(subscription);
    }
    if (posted !== "sent") return;
  }
};

/** Posts events to sockets, each with its own filter. */
export const postEvents = async (
  deps: PostDeps,
  subscriptions: readonly Subscription[],
  project_id: string,
  events: readonly Event[],
): Promise<void> => {
  const made = new Map<string, string[]>();
  const framesFor = ({ event_types }: Subscription) => {
    const name = String(event_types);
    const frames = made.get(name) ?? framesOf(project_id, events, event_types);
    made.set(name, frames);
    return frames;
  };
  await forEachConcurrent(subscriptions, maxConcurrentPosts, (subscription) =>
    postAll(deps, subscription, framesFor(subscription)),
  );
};

const shardsOf = <T>(items: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(items.length / maxInlineSockets) }, (_, index) =>
    items.slice(index * maxInlineSockets, (index + 1) * maxInlineSockets),
  );

/** Tells everybody who watches the project: the first 200 at once, more through the queue. */
export const postToWatchers = async (
  deps: PostToWatchersDeps,
  key: ProjectKey & { correlation_id: string },
  events: readonly Event[],
): Promise<void> => {
  const [first, last] = [events[0], events.at(-1)];
  if (!first || !last) return;
  const { tenant, project_id, correlation_id } = key;
  const now = deps.now().toISOString();
  const watching = await deps.listSubscriptions(key);
  const live = watching.filter((subscription) => !isReplaying(subscription, now));
  const [inline = [], ...shards] = shardsOf(live);
  const messages = shards.map((subscriptions) =>
    deps.sendFanout({
      kind: "frames",
      tenant,
      project_id,
      after: first.seq - 1,
      to: last.seq,
      subscriptions,
      correlation_id,
    }),
  );
  await Promise.all([postEvents(deps, inline, project_id, events), ...messages]);
};
