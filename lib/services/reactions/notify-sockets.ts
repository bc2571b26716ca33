import { type PostToWatchersDeps, postToWatchers } from "../sockets/broadcast.ts";
import type { Reaction } from "./reaction.ts";

export type NotifySocketsDeps = PostToWatchersDeps & {
  /** Told when the sockets have got the events up to this seq, for the log. */
  onSocketsNotified: (to: number) => void;
};

/** Everybody who watches the project gets its new events. A client that missed some asks for them. */
export const notifySockets = (deps: NotifySocketsDeps): Reaction => ({
  name: "notify sockets",
  awaited: "briefly",
  of: ({ after, events, correlation_id }) => {
    const last = events.at(-1);
    if (!last) return [];
    const key = { tenant: after.tenant, project_id: after.project.id, correlation_id };
    return [
      async () => {
        await postToWatchers(deps, key, events);
        deps.onSocketsNotified(last.seq);
      },
    ];
  },
});
