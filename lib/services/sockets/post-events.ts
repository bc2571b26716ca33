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
import { forEachConcurrent } from "../for-each-concurrent.ts";

/** Sockets that the committing process posts to itself. The fan-out queue posts to the others. */
const maxInlineSockets = 200;
const maxConcurrentPosts = 25;

export type PostToWatchersDeps = {
  listSubscriptions: (key: ProjectKey) => Promise<Subscription[]>;
  post: (subscription: Subscription, frame: string) => Promise<Posted>;
  dropConnection: (subscription: Subscription) => Promise<void>;
  sendFanout: (message: FramesMessage) => Promise<void>;
  now: () => Date;
};

export type PostDeps = Pick<PostToWatchersDeps, "post" | "dropConnection" | "now">;

const isYoung = ({ connected_at }: Subscription, now: Date) =>
  now.getTime() - Date.parse(connected_at) < connectGraceMs;

/** Posts frames in order to one socket. A socket that is gone is dropped, but not before `connectGraceMs` are over. */
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

/** Posts events to sockets; each socket gets the event types that it asked for. @throws an error of the table */
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

/**
 * Posts events to all who watch a project: to the first 200 sockets at once, to others through the fan-out queue.
 *
 * @throws an error of the table or the queue
 */
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
