import { type PostToWatchersDeps, postToWatchers } from "../sockets/post-events.ts";
import type { Reaction } from "./reaction.ts";

export type NotifySocketsDeps = PostToWatchersDeps & {
  /** Called when the events up to this seq were posted: writes a log line. */
  onSocketsNotified: (to: number) => void;
};

/** Posts the new events of a commit to all who watch the project. A client that misses events asks for them. */
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
