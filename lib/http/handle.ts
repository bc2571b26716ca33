import middy from "@middy/core";
import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Context,
} from "aws-lambda";
import type { Log, LogKeys } from "../contracts/log.ts";
import { checkAccess, mayUseAs } from "../domain/access.ts";
import type { Caller } from "../domain/common.ts";
import { Problem, problems } from "../domain/problem.ts";
import { answerSuccess } from "./answer-success.ts";
import type { Authenticate } from "./authenticate.ts";
import { matchOf } from "./conditional.ts";
import { idempotencyKeyOf } from "./idempotency-key.ts";
import { parseBody } from "./json-body.ts";
import { parse } from "./parse.ts";
import { problemJson } from "./problem-json.ts";
import { type Route, routeKeyOf } from "./route.ts";
import { type ReceivedRequest, type RunDeps, runServed, type Served } from "./serve.ts";

export type HandleDeps = RunDeps & {
  authenticate: Authenticate;
  isTransient: (error: unknown) => boolean;
  newId: () => string;
  logger: Log;
};

type Event = APIGatewayProxyEventV2;
type Result = APIGatewayProxyStructuredResultV2;

/** Parses the parts of a request. parseBody has replaced the body's text by its value before, whatever the type says. */
const requestOf = ({ route }: Served, event: Event) => {
  const body: unknown = event.body || undefined;
  return parse(route.request, {
    path: event.pathParameters ?? {},
    query: event.queryStringParameters ?? {},
    ...(body !== undefined && { body }),
  }) as ReceivedRequest["request"];
};

type IncomingRequest = {
  served: Served;
  caller: Caller | undefined;
  event: Event;
  context: Context;
};

const receivedOf = (
  deps: HandleDeps,
  { served, caller, event, context }: IncomingRequest,
): ReceivedRequest => {
  const request = requestOf(served, event);
  return {
    request,
    call: caller && { ...caller, correlation_id: context.awsRequestId },
    idempotencyKey:
      caller && /* guard: idempotency record */ served.route.idempotent
        ? idempotencyKeyOf(event, caller, deps.newId())
        : undefined,
    match: matchOf(event.headers["if-match"]),
  };
};

/** Finds the caller of a public route who gets more than others; undefined for all others, also when callers cannot be checked. */
const privilegedCallerOf = async (
  { authenticate }: HandleDeps,
  { moreFor }: Route,
  event: Event,
): Promise<Caller | undefined> => {
  if (!moreFor) return undefined;
  const caller = await authenticate(event).catch(() => null);
  return caller && mayUseAs(caller, moreFor) ? caller : undefined;
};

/**
 * Finds out who calls, and checks their access; undefined on a public route, unless the caller gets more than others.
 *
 * @throws Problem `unauthenticated`, `forbidden`, and what `authenticate` throws
 */
const callerOf = async (
  deps: HandleDeps,
  route: Route,
  event: Event,
): Promise<Caller | undefined> =>
  route.access === "public"
    ? privilegedCallerOf(deps, route, event)
    : checkAccess(await deps.authenticate(event), route.access);

const logKeysOf = ({ tenant }: Caller, { pathParameters }: Event): LogKeys => {
  const { project_id, task_id } = pathParameters ?? {};
  return { tenant, ...(project_id && { project_id }), ...(task_id && { task_id }) };
};

/** Runs a route. It checks the caller before it parses anything, so that an unknown caller learns nothing about the request. */
const runRoute = async (
  deps: HandleDeps,
  served: Served,
  event: Event,
  context: Context,
): Promise<Result> => {
  const { route } = served;
  const caller = await callerOf(deps, route, event);
  await parseBody(event);
  const received = receivedOf(deps, { served, caller, event, context });
  if (received.call) deps.logger.appendKeys(logKeysOf(received.call, event));
  const { body, replayed } = await runServed(deps, served, received);
  return answerSuccess({
    route,
    body: route.present?.(body) ?? body,
    replayed,
    correlation_id: context.awsRequestId,
    if_none_match: event.headers["if-none-match"],
  });
};

const findRoute = (table: ReadonlyMap<string, Served>, { routeKey }: Event): Served => {
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

/**
 * Makes the Lambda handler of one resource: it finds the route, checks the caller, parses, runs the use case and answers. Every
 * error becomes a problem document.
 */
export const handle = (deps: HandleDeps, served: readonly Served[]) => {
  const { logger, isTransient } = deps;
  const table = new Map(served.map((row) => [routeKeyOf(row.route), row]));
  return middy<Event, Result, Error>()
    .use(problemJson({ isTransient, log: (problem) => logProblem(logger, problem) }))
    .handler(async (event: Event, context: Context) => {
      const found = findRoute(table, event);
      const result = await runRoute(deps, found, event, context);
      logger.info("request", { route: event.routeKey, status: result.statusCode });
      return result;
    });
};
