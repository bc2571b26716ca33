import { type Connection, replayMs, type Subscription } from "../../contracts/connection.ts";
import { maxConnectionMs } from "../../contracts/limits.ts";
import type { ReplayMessage } from "../../contracts/queue-messages.ts";
import { type ClientMessage, socketAccess } from "../../contracts/socket-messages.ts";
import { checkAccess } from "../../domain/access.ts";
import { addMs, type Caller, type ProjectKey } from "../../domain/common.ts";
import { Problem } from "../../domain/problem.ts";
import {
  postFrame,
  postProblem,
  type ReplayDeps,
  replayLog,
  type Socket,
  startSubscription,
} from "./replay.ts";

type KnownConnection = { connection: Connection; projects: string[] };

export type SocketDeps = ReplayDeps & {
  saveConnection: (connection: Connection, projects: readonly string[]) => Promise<void>;
  saveSubscription: (subscription: Subscription) => Promise<void>;
  loadConnection: (tenant: string, id: string) => Promise<KnownConnection | null>;
  loadSubscription: (key: ProjectKey & { connection_id: string }) => Promise<Subscription | null>;
  subscribe: (subscription: Subscription) => Promise<boolean>;
  sendFanout: (message: ReplayMessage) => Promise<void>;
  problemOf: (error: unknown) => Problem;
};

type OpenedSocket = Caller & {
  correlation_id: string;
  connection_id: string;
  endpoint: string;
  project_id?: string | undefined;
  after?: number | undefined;
};

/**
 * Handles a socket that opens: stores its connection, and the subscription if its address has one. The fan-out queue
 * starts that subscription: before this function returns, nothing can be posted to the socket.
 *
 * @throws an error of the table or the queue
 */
export const connect = async (deps: SocketDeps, opened: OpenedSocket): Promise<void> => {
  const { tenant, user_id, connection_id, endpoint, project_id, after, correlation_id } = opened;
  const connected_at = deps.now().toISOString();
  const expires_at = addMs(connected_at, maxConnectionMs);
  const connection = { tenant, user_id, connection_id, endpoint, connected_at, expires_at };
  await deps.saveConnection(connection, project_id ? [project_id] : []);
  if (!project_id) return;
  const replaying_until = addMs(connected_at, replayMs);
  const subscription = { ...connection, project_id, event_types: null, replaying_until };
  await deps.saveSubscription(subscription);
  await deps.sendFanout({
    kind: "replay",
    subscription,
    after: after ?? null,
    correlation_id,
  });
};

type ActionInput<M> = {
  deps: SocketDeps;
  known: KnownConnection;
  message: M;
  correlation_id: string;
};
type Action<A extends ClientMessage["action"]> = (
  received: ActionInput<Extract<ClientMessage, { action: A }>>,
) => Promise<void>;

const onSubscribe: Action<"subscribe"> = async ({ deps, known, message, correlation_id }) => {
  const { project_id, after = null, event_types = null } = message;
  const replaying_until = addMs(deps.now().toISOString(), replayMs);
  const subscription = { ...known.connection, project_id, event_types, replaying_until };
  await deps.loadProject(subscription);
  if (!(await deps.subscribe(subscription))) {
    throw new Problem("too-many-requests", "This connection watches too many projects.");
  }
  await startSubscription(deps, subscription, after, correlation_id);
};

const onUnsubscribe: Action<"unsubscribe"> = async ({ deps, known, message }) => {
  const { project_id } = message;
  await deps.unsubscribe({ ...known.connection, project_id });
  await postFrame(deps, known.connection, { type: "unsubscribed", project_id });
};

/** Answers a ping, and replays what the client missed. A subscription that is missing in the table is written again. */
const onPing: Action<"ping"> = async ({ deps, known, message }) => {
  const { connection, projects } = known;
  const project_id = message.project_id ?? (projects.length === 1 ? projects[0] : undefined);
  if (!project_id) {
    await postFrame(deps, connection, { type: "pong", head: null });
    return;
  }
  const key = { tenant: connection.tenant, project_id };
  const { head } = await deps.loadProject(key);
  await postFrame(deps, connection, { type: "pong", head });
  if (message.last === undefined || message.last >= head) return;
  const subscription = await deps.loadSubscription({ ...connection, project_id });
  const event_types = subscription?.event_types ?? null;
  if (!subscription && projects.includes(project_id)) {
    await deps.subscribe({ ...connection, project_id, event_types, replaying_until: null });
  }
  await replayLog(deps, connection, key, { after: message.last, event_types });
};

const actions = {
  subscribe: onSubscribe,
  unsubscribe: onUnsubscribe,
  ping: onPing,
} as const satisfies { [A in ClientMessage["action"]]: Action<A> };

type ReceivedMessage = {
  socket: Socket;
  /** Gives the caller who opened the socket, as the gateway says; null for nobody. */
  authenticate: () => Promise<Caller | null>;
  /** @throws Problem when the text is not a message */
  read: () => ClientMessage;
  correlation_id: string;
};

/**
 * Handles one message of a client. The connection must belong to the caller's tenant, and acts as the user who opened it.
 * A problem is posted in an error frame, and the socket stays open.
 *
 * @throws an error whose problem is `internal`, after its frame
 */
export const receive = async (deps: SocketDeps, received: ReceivedMessage): Promise<void> => {
  const { socket, correlation_id } = received;
  try {
    const caller = await received.authenticate();
    const message = received.read();
    const { tenant } = checkAccess(caller, socketAccess[message.action]);
    const known = await deps.loadConnection(tenant, socket.connection_id);
    if (!known) throw new Problem("not-found", "This connection is over. Please connect again.");
    await (actions[message.action] as (received: ActionInput<ClientMessage>) => Promise<void>)({
      deps,
      known,
      message,
      correlation_id,
    });
  } catch (error) {
    const problem = deps.problemOf(error);
    await postProblem(deps, socket, problem, correlation_id);
    if (problem.code === "internal") throw error;
  }
};
