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

/** Posts one of our own frames. A socket that is just being opened is given time. */
export const postFrame = (deps: ReplayDeps, socket: Socket, frame: ServerFrame) =>
  postWithGrace(deps, socket, JSON.stringify(frame));

export const postProblem = (deps: ReplayDeps, socket: Socket, problem: Problem, id: string) =>
  postFrame(deps, socket, { type: "error", problem: problemDocument(problem, id) });

/**
 * Posts everything after `after`, page by page, until the log ends or the socket does not answer.
 *
 * @returns the seq up to which the socket was told
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
 * Answers a subscription that is written already: "subscribed", then what the client missed. Live frames
 * leave it out until the replay is done; what happened meanwhile is read once more after it went live, so
 * that nothing falls between.
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
