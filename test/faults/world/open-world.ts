import { v7 } from "uuid";
import { agentNames, workflowDefinitions } from "../../../lib/catalog/load.ts";
import { loadConfig, loadModels } from "../../../lib/settings/config.ts";
import { byAuthorizer } from "../../support/authenticator.ts";
import { randomOf } from "../../support/random.ts";
import { openBorders } from "./borders.ts";
import type { Call } from "./calls.ts";
import { type DynamoDB, openDynamoDB } from "./dynamodb/model.ts";
import { type FaultName, noFaults, type Plan } from "./faults.ts";
import { definitions, type FunctionName, sourceOf } from "./functions.ts";
import { openGateway } from "./gateway.ts";
import type { Instance } from "./instance.ts";
import { openLambda, type SdkUse } from "./lambda.ts";
import { openLedgerWatch } from "./ledger-watch.ts";
import { type Latency, openNetwork } from "./network.ts";
import { openClients } from "./person.ts";
import { pumpQueue } from "./pump-queue.ts";
import { openSqs } from "./sqs.ts";
import { openVirtualTime } from "./virtual-time.ts";
import { type Manner, openViewer, type Watcher } from "./watcher.ts";

export const tableName = "table";
export const connectionsTableName = "connections";
const queues = {
  tasks: "http://aws.test/000000000000/tasks",
  deadTasks: "http://aws.test/000000000000/tasks-dlq",
  frames: "http://aws.test/000000000000/fanout",
  deadFrames: "http://aws.test/000000000000/fanout-dlq",
} as const;

const config = loadConfig({
  TABLE_NAME: tableName,
  CONNECTIONS_TABLE_NAME: connectionsTableName,
  TASK_QUEUE_URL: queues.tasks,
  TASK_DLQ_URL: queues.deadTasks,
  FANOUT_QUEUE_URL: queues.frames,
  WEBSOCKET_ENDPOINT: "http://gateway.test",
  ALLOW_UNAUTHENTICATED: "true",
});

const sweepMs = 60_000;

/** The instant at which worlds begin, if nothing else is said. */
export const beginning = Date.parse("2030-01-01T00:00:00.000Z");

export type WorldOptions = {
  seed: number;
  plan?: Plan;
  /** How long calls are on their way; by default the shortest time that keeps their order. */
  latency?: (random: () => number) => Latency;
  /** How far the clock of a new process is off. */
  skewMs?: (random: () => number) => number;
  /** How far indexes and cheap reads lag. */
  lagMs?: (random: () => number) => number;
  startMs?: number;
  /** `BUDGET_TASK_USD` and the like. */
  budgets?: Record<string, string>;
  /** A DynamoDB to use instead of the model. */
  dynamodb?: DynamoDB;
  /** By default what the variable FAULTS_SDK says: `npm run test:faults` sets it. */
  sdk?: SdkUse;
  /** Told of every try of every call, and of what became of each invocation. */
  trace?: (line: string) => void;
};

const shortest = (): Latency => ({ thereMs: 1, backMs: 0 });

/** Ids as the backend makes them, but of this world's time and chance. */
const openIds = (now: () => number, random: () => number) => {
  let seq = 0;
  return () => {
    seq += 1;
    const bytes = Uint8Array.from({ length: 16 }, () => Math.floor(random() * 256));
    return v7({ msecs: now(), seq, random: bytes });
  };
};

const describe = ({ n, attempt, operation, instance }: Call, fault: FaultName | null) =>
  `${instance.name} #${n}${attempt > 1 ? `.${attempt}` : ""} ${operation}${fault ? ` !! ${fault}` : ""}`;

/** The whole backend in a world of its own: nothing in it is real but the code under test. */
export const openWorld = (options: WorldOptions) => {
  const { seed, plan = noFaults, latency = shortest, trace, startMs = beginning } = options;
  const random = randomOf(seed);
  const time = openVirtualTime(startMs);
  const lagMs = () => options.lagMs?.(random) ?? 0;
  const models = loadModels(options.budgets ?? {});
  const ledgers = openLedgerWatch(models.budgets, time.now);
  const dynamodb = ledgers.watch(options.dynamodb ?? openDynamoDB({ now: time.now, lagMs }));
  const sqs = openSqs(time, {
    [queues.tasks]: { visibilityMs: 1_980_000, maxReceives: 5, deadLetters: queues.deadTasks },
    [queues.deadTasks]: { visibilityMs: 30_000 },
    [queues.frames]: { visibilityMs: 360_000, maxReceives: 3, deadLetters: queues.deadFrames },
    [queues.deadFrames]: { visibilityMs: 30_000 },
  });
  const gateway = openGateway(time);
  const borders = openBorders(gateway);
  const silenced: string[] = [];
  const counted = new Map<string, number>();
  const say = (line: string) => trace?.(`${((time.now() - startMs) / 1_000).toFixed(3)} ${line}`);
  const watch = (call: Call, fault: FaultName | null) => {
    borders.watch(call, () => describe(call, fault));
    if (fault === "freeze") silenced.push(call.instance.name);
    if (trace) say(describe(call, fault));
  };
  /** The first sweep after the end of a lease that begins now, and a moment for the next attempt to begin. */
  const takeoverMs = () => {
    const leaseEnds = time.now() - startMs + config.LEASE_SECONDS * 1_000;
    const nextSweep = Math.ceil(leaseEnds / sweepMs) * sweepMs;
    return startMs + nextSweep + 1_000 - time.now();
  };
  const network = openNetwork({
    time,
    dynamodb,
    sqs,
    gateway,
    plan,
    latency: () => latency(random),
    takeoverMs,
    watch,
  });
  const newId = openIds(time.now, random);
  const outside = (instance: Instance) => ({
    config,
    models,
    authenticate: byAuthorizer,
    logger: borders.loggerOf(instance),
    count: (name: string) => void counted.set(name, (counted.get(name) ?? 0) + 1),
    newId,
    random,
    workflows: workflowDefinitions,
    agentNames,
    keyedMutex: <T>(_name: string, work: () => Promise<T>) => work(),
  });
  const lambda = openLambda({
    time,
    sdk: options.sdk ?? (process.env.FAULTS_SDK === "whole" ? "whole" : "short"),
    endFor: network.endFor,
    outside,
    skewMs: () => options.skewMs?.(random) ?? 0,
    onEnd: (name, ended) => {
      if ("lost" in ended && ended.lost !== "threw") silenced.push(name);
      say(`${name} ${"lost" in ended ? ended.lost : "ended"}`);
    },
  });
  const invoke = (name: FunctionName) => (event: unknown, tenants: readonly string[]) =>
    lambda.invoke(definitions[name], event, tenants);
  pumpQueue(sqs.queueAt(queues.tasks), { ...sourceOf("worker"), invoke: invoke("worker") });
  pumpQueue(sqs.queueAt(queues.frames), { ...sourceOf("fanout"), invoke: invoke("fanout") });

  let sweeping = true;
  const sweep = () => lambda.invoke(definitions.sweeper, {}, null);
  const keepSweeping = () =>
    time.after(sweepMs, async () => {
      if (!sweeping) return;
      await sweep();
      keepSweeping();
    });
  keepSweeping();
  const watchers: Watcher[] = [];
  const clients = openClients({ time, lambda });
  return {
    time,
    random,
    dynamodb,
    ledgers,
    queue: (name: keyof typeof queues) => sqs.queueAt(queues[name]),
    gateway,
    lambda,
    clients,
    watchers: watchers,
    borders,
    /** Processes that were killed, ran out of time, or were frozen until others took them for dead. */
    silenced,
    counted,
    calls: network.count,
    newId,
    sweep,
    stopSweeping: () => {
      sweeping = false;
    },
    watchProject: (project_id: string, manner?: Manner): Watcher => {
      const watcher = openViewer({ time, gateway, lambda }, project_id, manner);
      watchers.push(watcher);
      return watcher;
    },
    isQuiet: () =>
      lambda.isIdle() &&
      sqs.queueAt(queues.tasks).isEmpty() &&
      sqs.queueAt(queues.frames).isEmpty(),
  };
};

export type World = ReturnType<typeof openWorld>;
