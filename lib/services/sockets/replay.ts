import {
  type Connection,
  connectGraceMs,
  type Posted,
  type Subscription,
} from "../../contracts/connection.ts";
import { framesOf } from "../../contracts/frames.ts";
import { problemDocument } from "../../contracts/problem-document.ts";
import type { ServerFrame } from "../../contracts/socket-messages.ts";
import type { ProjectKey } from "../../domain/common.ts";
import { Problem } from "../../domain/problem.ts";
import type { LoadProject, ReadLog } from "../reads.ts";

export type Socket = Pick<Connection, "endpoint" | "connection_id" | "connected_at">;

export type ReplayDeps = {
  loadProject: LoadProject;
  readLog: ReadLog;
  goLive: (subscription: Subscription) => Promise<boolean>;
  unsubscribe: (key: ProjectKey & { connection_id: string }) => Promise<void>;
  post: (socket: Socket, frame: string) => Promise<Posted>;
  sleep: (ms: number) => Promise<void>;
  now: () => Date;
};

const commitsPerPage = 50;
const retryMs = 200;

/** Posts a frame. A socket that answers "gone" is tried again until `connectGraceMs` are over. Gives true when it was sent. */
const postWithGrace = async (deps: ReplayDeps, socket: Socket, frame: string): Promise<boolean> => {
  const graceEnds = Date.parse(socket.connected_at) + connectGraceMs;
  for (;;) {
    const posted = await deps.post(socket, frame);
    if (
      /* guard: sockets that open are given time */ posted !== "gone" ||
      deps.now().getTime() >= graceEnds
    )
      return posted === "sent";
    await deps.sleep(retryMs);
  }
};

/** Posts a frame that is not an event. A socket that is just being opened gets `connectGraceMs`. */
export const postFrame = (deps: ReplayDeps, socket: Socket, frame: ServerFrame) =>
  postWithGrace(deps, socket, JSON.stringify(frame));

/** Posts an error frame with a problem and its correlation id. */
export const postProblem = (
  deps: ReplayDeps,
  socket: Socket,
  problem: Problem,
  correlation_id: string,
) => postFrame(deps, socket, { type: "error", problem: problemDocument(problem, correlation_id) });

/**
 * Posts the events after `after`, page by page, until the log ends or the socket does not answer.
 *
 * @returns the seq up to which the events were posted
 * @throws an error of the table
 */
export const replayLog = async (
  deps: ReplayDeps,
  socket: Socket,
  key: ProjectKey,
  from: { after: number; event_types: readonly string[] | null },
): Promise<number> => {
  let { after } = from;
  for (let more = true; more; ) {
    const page = await deps.readLog(key, { after, commits: commitsPerPage });
    for (const frame of framesOf(key.project_id, page.events, from.event_types)) {
      if (!(await postWithGrace(deps, socket, frame))) return after;
    }
    after = page.events.at(-1)?.seq ?? after;
    more = page.more;
  }
  return after;
};

/**
 * Starts a subscription that is written already: posts "subscribed", then the events that the client missed. Until that
 * replay ends, the subscription gets no live frames. When it is live, the log is read once more, so that no event between
 * the two is lost. A problem is posted as an error frame, and ends the subscription.
 *
 * @throws any error that is no Problem
 */
export const startSubscription = async (
  deps: ReplayDeps,
  subscription: Subscription,
  after: number | null,
  correlation_id: string,
): Promise<void> => {
  const { project_id, event_types } = subscription;
  try {
    const { head } = await deps.loadProject(subscription);
    await postFrame(deps, subscription, { type: "subscribed", project_id, head });
    const replayedTo = await replayLog(deps, subscription, subscription, {
      after: after ?? head,
      event_types,
    });
    if (!(await deps.goLive(subscription))) return;
    /* guard: subscribe before read */ await replayLog(deps, subscription, subscription, {
      after: replayedTo,
      event_types,
    });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    await deps.unsubscribe(subscription);
    await postProblem(deps, subscription, error, correlation_id);
  }
};
