import { type Clock, realClock } from "../../lib/adapters/clock.ts";
import { isTransient } from "../../lib/adapters/errors.ts";
import { newId } from "../../lib/adapters/ids.ts";
import { send } from "../../lib/adapters/sqs/queues.ts";
import { post } from "../../lib/adapters/websocket/sockets.ts";
import { agentNames, workflowDefinitions } from "../../lib/catalog/load.ts";
import type { Connection } from "../../lib/contracts/connection.ts";
import type { Log } from "../../lib/contracts/log.ts";
import type { FanoutMessage, TaskMessage } from "../../lib/contracts/queue-messages.ts";
import type { Workflow } from "../../lib/domain/workflow/workflow.ts";
import { type Authenticate, authenticators } from "../../lib/http/authenticate.ts";
import { problemOf } from "../../lib/http/problem-json.ts";
import { type KeyedMutex, openKeyedMutex } from "../../lib/services/commit/keyed-mutex.ts";
import { type Config, loadConfig, loadModels } from "../../lib/settings/config.ts";
import type { Models } from "../../lib/settings/providers.ts";
import { type Clients, openClients } from "./clients.ts";
import { openLogger } from "./logger.ts";
import { openCounter } from "./metrics.ts";
import { openCommits } from "./reactions.ts";
import { openStore } from "./store.ts";

/** What all functions are built from. A test brings its own clients, clock and ids. */
export type Platform = {
  config: Config;
  /** Functions that call no model use only its `budgets`. */
  models: Models;
  clients: Clients;
  clock: Clock;
  /** Gives the caller of a request or a socket. */
  authenticate: Authenticate;
  logger: Log;
  /** Adds 1 to a metric of the dashboards and alarms. */
  count: (name: string) => void;
  newId: () => string;
  random: () => number;
  /** The workflows that are defined, by name. */
  workflows: Readonly<Record<string, Workflow>>;
  /** The agents that are defined, in the order in which lists show them. */
  agentNames: readonly string[];
  /** Lets one commit of a project run at a time in this process. */
  keyedMutex: KeyedMutex;
  /** How long a commit retries: less than the function's timeout. */
  patienceMs: number;
};

/** All functions of a process share one mutex: in the local stack these are several. */
const mutex = openKeyedMutex(realClock.sleep);

const configured = () => {
  const config = loadConfig();
  return { config, authenticate: authenticators[config.AUTH_MODE] };
};

/**
 * Opens the platform from the variables of the process.
 *
 * @throws when a variable is missing or has no proper value
 */
export const openPlatform = ({ patienceMs = 4_500 } = {}): Platform => ({
  patienceMs,
  ...configured(),
  models: loadModels(),
  clients: openClients(),
  clock: realClock,
  logger: openLogger(),
  count: openCounter(),
  newId,
  random: Math.random,
  workflows: workflowDefinitions,
  agentNames,
  keyedMutex: mutex,
});

const openQueues = ({ config, clients }: Platform) => ({
  sendTask: (message: TaskMessage, delayMs: number) =>
    send({ client: clients.sqs, url: config.TASK_QUEUE_URL }, message, delayMs),
  sendFanout: (message: FanoutMessage) =>
    send({ client: clients.sqs, url: config.FANOUT_QUEUE_URL }, message),
});

/** Milliseconds after which a task that no worker has claimed is enqueued again: 30 s with the default lease of 90 s. */
const enqueueAgainMsOf = ({ LEASE_SECONDS }: Config) => (LEASE_SECONDS * 1_000) / 3;

const openTables = ({ config, clients, clock, workflows, logger, count }: Platform) =>
  openStore({
    table: {
      client: clients.dynamodb,
      name: config.TABLE_NAME,
      onUnreadable: (item, error) => {
        logger.error("record cannot be read", { item, error: error as Error });
        count("unreadable_record");
      },
    },
    sockets: { client: clients.dynamodb, name: config.CONNECTIONS_TABLE_NAME },
    now: clock.now,
    workflows,
  });

/** Opens every function that use cases need, under the names that they use. */
export const openDependencies = (platform: Platform) => {
  const { config, models, clients, clock, logger, random } = platform;
  const base = {
    ...openTables(platform),
    ...openQueues(platform),
    ...clock,
    newId: platform.newId,
    agentNames: platform.agentNames,
    random,
    count: platform.count,
    patienceMs: platform.patienceMs,
    enqueueAgainMs: enqueueAgainMsOf(config),
    leaseMs: config.LEASE_SECONDS * 1_000,
    retryBaseMs: config.RETRY_BASE_SECONDS * 1_000,
    budgets: models.budgets,
    transcriptsMs: models.transcriptsMs,
    timeoutMs: config.TASK_TIMEOUT_SECONDS * 1_000,
    post: (socket: Pick<Connection, "endpoint" | "connection_id">, frame: string) =>
      post(clients.sockets, socket, frame),
    isTransient,
    problemOf: (error: unknown) => problemOf(error, isTransient),
    withLogKeys: logger.withKeys,
    appendLogKeys: logger.appendKeys,
  };
  const commits = openCommits({
    ...base,
    keyedMutex: platform.keyedMutex,
    onReactionFailed: (reaction, error) =>
      logger.error("reaction failed", { reaction, error: error as Error }),
    onSocketsNotified: (to) => logger.info("sockets notified", { to }),
  });
  return { ...base, ...commits };
};

export type Dependencies = ReturnType<typeof openDependencies>;
