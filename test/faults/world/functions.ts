import { serveAgents } from "../../../functions/bindings/agents.ts";
import { serveContext } from "../../../functions/bindings/context.ts";
import { serveFanoutQueue } from "../../../functions/bindings/fanout-queue.ts";
import { serveHealth } from "../../../functions/bindings/health.ts";
import { serveHitl } from "../../../functions/bindings/hitl.ts";
import { serveProjects } from "../../../functions/bindings/projects.ts";
import { serveSocket } from "../../../functions/bindings/socket.ts";
import { serveSweep } from "../../../functions/bindings/sweep.ts";
import { serveTaskQueue } from "../../../functions/bindings/task-queue.ts";
import { serveTasks } from "../../../functions/bindings/tasks.ts";
import { openBatch } from "../../../functions/wiring/batch.ts";
import { openHttp } from "../../../functions/wiring/http.ts";
import type { Dependencies, Platform } from "../../../functions/wiring/platform.ts";
import { FanoutMessage, TaskMessage } from "../../../lib/contracts/queue-messages.ts";
import { routeKeyOf } from "../../../lib/http/route.ts";
import { routesByFunction } from "../../../lib/http/routes.ts";
import type { Served } from "../../../lib/http/serve.ts";
import { readServerlessYml } from "../../../localstack/emulators/serverless-yml.ts";
import type { Definition } from "./lambda.ts";
import { openModelCaller } from "./model-caller.ts";

const { functions, provider } = readServerlessYml();

type Make = (given: Platform) => (event: never, context: never) => Promise<unknown>;

const http =
  (serveAll: (deps: Dependencies) => readonly Served[]): Make =>
  (given) =>
    openHttp(given, serveAll) as unknown as ReturnType<Make>;

const health: Make = (given) => openHttp(given, serveHealth(given)) as unknown as ReturnType<Make>;

const makers = {
  projects: http(serveProjects),
  tasks: http(serveTasks),
  agents: http(serveAgents),
  context: http(serveContext),
  hitl: http(serveHitl),
  health,
  socket: serveSocket,
  fanout: (given) =>
    openBatch(given, {
      queueUrl: given.config.FANOUT_QUEUE_URL,
      schema: FanoutMessage,
      handle: serveFanoutQueue(given),
    }),
  worker: (given) =>
    openBatch(given, {
      queueUrl: given.config.TASK_QUEUE_URL,
      schema: TaskMessage,
      handle: serveTaskQueue(given, openModelCaller(given)),
    }),
  sweeper: serveSweep,
} as const satisfies Record<string, Make>;

export type FunctionName = keyof typeof makers;

const definitionOf = (name: FunctionName): Definition => ({
  name,
  timeoutMs: (functions[name]?.timeout ?? provider.timeout) * 1_000,
  patienceMs: name === "worker" ? 30_000 : 4_500,
  mayFreeze: name === "worker",
  make: makers[name],
});

/** The functions as functions/ puts them together, with the limits that serverless.yml gives them. */
export const definitions = Object.fromEntries(
  Object.keys(makers).map((name) => [name, definitionOf(name as FunctionName)]),
) as Record<FunctionName, Definition>;

const nameOf = new Map(
  Object.entries(routesByFunction).flatMap(([name, routes]) =>
    routes.map((route) => [routeKeyOf(route), name as FunctionName]),
  ),
);

/** The function that serves a route. */
export const functionOf = (routeKey: string): Definition => {
  const name = nameOf.get(routeKey);
  if (!name) throw new Error(`No route ${routeKey}`);
  return definitions[name];
};

type SqsSource = { sqs?: { batchSize: number; maximumConcurrency: number | string } };

/** How a function takes its messages. */
export const sourceOf = (name: FunctionName) => {
  const source = (functions[name]?.events as SqsSource[] | undefined)?.find(({ sqs }) => sqs)?.sqs;
  return {
    batchSize: source?.batchSize ?? 1,
    concurrency: Number(source?.maximumConcurrency) || 50,
  };
};
