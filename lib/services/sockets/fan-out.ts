import type { FanoutMessage, FramesMessage } from "../../contracts/queue-messages.ts";
import { type PostDeps, postEvents } from "./post-events.ts";
import { type ReplayDeps, startSubscription } from "./replay.ts";

export type FanOutDeps = ReplayDeps & PostDeps;

/** Commits read for one message. A message is about one commit; a range of several would be posted too. */
const maxCommits = 100;

const postRange = async (deps: FanOutDeps, message: FramesMessage): Promise<void> => {
  const { after, to, subscriptions, project_id } = message;
  const { events } = await deps.readLog(message, { after, commits: maxCommits });
  const range = events.filter(({ seq }) => seq <= to);
  await postEvents(deps, subscriptions, project_id, range);
};

/** Handles one message of the fan-out queue. @throws an error of the table; the queue then delivers the message again */
export const fanOut = (deps: FanOutDeps, message: FanoutMessage): Promise<void> =>
  message.kind === "frames"
    ? postRange(deps, message)
    : startSubscription(deps, message.subscription, message.after, message.correlation_id);
