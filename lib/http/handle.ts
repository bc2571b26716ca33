import middy from "@middy/core";
import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Context,
} from "aws-lambda";
import type * as z from "zod";
import type { Call } from "../contracts/call.ts";
import type { Receipt } from "../contracts/idempotency.ts";
import type { Log, LogKeys } from "../contracts/log.ts";
import { Problem, problems } from "../domain/problem.ts";
import { answer } from "./answer.ts";
import { identify } from "./authenticate.ts";
import { matchOf } from "./conditional.ts";
import { receiptOf } from "./idempotency-key.ts";
import { jsonBody } from "./json-body.ts";
import { parse } from "./parse.ts";
import { problemJson } from "./problem-json.ts";
import { type Route, routeKeyOf } from "./route.ts";

/** A route with the use case that serves it. */
export type Served = {
  route: Route;
  run: (request: Record<string, Record<string, unknown>>, call: Call) => Promise<unknown>;
};

/** Pairs a route with its use case; the types of both must agree. */
export const serve = <Request extends z.ZodObject, Response extends z.ZodType>(
  route: Route<Request, Response>,
  run: (request: z.output<Request>, call: Call) => Promise<z.input<Response>>,
): Served => ({ route, run }) as unknown as Served;

export type HandleDeps = {
  /** Runs a request once per receipt. */
  once: <R>(
    receipt: Receipt | undefined,
    run: () => Promise<R>,
  ) => Promise<{ body: R; replayed: boolean }>;
  isTransient: (error: unknown) => boolean;
  newId: () => string;
  logger: Log;
};

type Event = APIGatewayProxyEventV2;
type Result = APIGatewayProxyStructuredResultV2;

const callOf = (deps: HandleDeps, { route }: Served, event: Event, context: Context): Call => {
  const caller = { ...identify(event.headers), correlation_id: context.awsRequestId };
  return {
    ...caller,
    checkMatch: matchOf(event.headers["if-match"]),
    receipt: route.idempotent ? receiptOf(event, caller, deps.newId()) : undefined,
  };
};

/** jsonBody has parsed the body by now: whatever its type says. */
const requestOf = ({ route }: Served, event: Event) => {
  const body: unknown = event.body || undefined;
  return parse(route.request, {
    path: event.pathParameters ?? {},
    query: event.queryStringParameters ?? {},
    ...(body !== undefined && { body }),
  }) as Record<string, Record<string, unknown>>;
};

const logKeysOf = ({ tenant }: Call, { pathParameters }: Event): LogKeys => {
  const { project_id, task_id } = pathParameters ?? {};
  return { tenant, ...(project_id && { project_id }), ...(task_id && { task_id }) };
};

const runRoute = async (
  deps: HandleDeps,
  served: Served,
  event: Event,
  context: Context,
): Promise<Result> => {
  const { route, run } = served;
  const request = requestOf(served, event);
  const call = callOf(deps, served, event, context);
  deps.logger.appendKeys(logKeysOf(call, event));
  const { body, replayed } = await deps.once(call.receipt, async () =>
    route.response.parse(await run(request, call)),
  );
  return answer({
    route,
    body: route.present?.(body) ?? body,
    replayed,
    request_id: context.awsRequestId,
    if_none_match: event.headers["if-none-match"],
  });
};

const find = (table: ReadonlyMap<string, Served>, { routeKey }: Event): Served => {
  const served = table.get(routeKey);
  if (served) return served;
  throw new Problem("not-found", "There is nothing at this address.");
};

const logProblem = (logger: Log, problem: Problem) => {
  const line = { code: problem.code, detail: problem.message };
  if (problems[problem.code].status >= 500) {
    logger.error("request failed", { ...line, error: problem.cause as Error });
  } else {
    logger.info("request refused", line);
  }
};

/** The Lambda handler of one resource: finds the route, parses, runs the use case, answers. */
export const handle = (deps: HandleDeps, served: readonly Served[]) => {
  const { logger, isTransient } = deps;
  const table = new Map(served.map((row) => [routeKeyOf(row.route), row]));
  return middy<Event, Result, Error>()
    .use(problemJson({ isTransient, log: (problem) => logProblem(logger, problem) }))
    .use(jsonBody())
    .handler(async (event: Event, context: Context) => {
      const found = find(table, event);
      const result = await runRoute(deps, found, event, context);
      logger.info("request", { route: event.routeKey, status: result.statusCode });
      return result;
    });
};
