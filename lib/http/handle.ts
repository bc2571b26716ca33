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
import { type Access, checkAccess } from "../domain/access.ts";
import type { Caller } from "../domain/common.ts";
import { Problem, problems } from "../domain/problem.ts";
import { answer } from "./answer.ts";
import type { Authenticate } from "./authenticate.ts";
import { matchOf } from "./conditional.ts";
import { receiptOf } from "./idempotency-key.ts";
import { parseBody } from "./json-body.ts";
import { parse } from "./parse.ts";
import { problemJson } from "./problem-json.ts";
import { type Route, routeKeyOf } from "./route.ts";

/** A route with the use case that serves it. */
export type Served = {
  route: Route;
  run: (request: Record<string, Record<string, unknown>>, call?: Call) => Promise<unknown>;
};

/** Nobody is behind a request for a public route. */
type CallOf<Needs extends Access> = Needs extends "public" ? undefined : Call;

/** Pairs a route with its use case; the types of both must agree. */
export const serve = <
  Request extends z.ZodObject,
  Response extends z.ZodType,
  Needs extends Access,
>(
  route: Route<Request, Response, Needs>,
  run: (request: z.output<Request>, call: CallOf<Needs>) => Promise<z.input<Response>>,
): Served => ({ route, run }) as unknown as Served;

export type HandleDeps = {
  authenticate: Authenticate;
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

/**
 * Finds out who calls, and checks that they may; undefined on a public route.
 *
 * @throws Problem `unauthenticated`, `forbidden`, and what `authenticate` throws
 */
const callerOf = async (
  { authenticate }: HandleDeps,
  { access }: Route,
  event: Event,
): Promise<Caller | undefined> =>
  access === "public" ? undefined : checkAccess(await authenticate(event), access);

type Asked = { served: Served; event: Event; context: Context };

const callOf = (deps: HandleDeps, { served, event, context }: Asked, caller: Caller): Call => ({
  ...caller,
  correlation_id: context.awsRequestId,
  checkMatch: matchOf(event.headers["if-match"]),
  receipt: served.route.idempotent ? receiptOf(event, caller, deps.newId()) : undefined,
});

/** The body has been parsed by now: whatever its type says. */
const requestOf = ({ route }: Served, event: Event) => {
  const body: unknown = event.body || undefined;
  return parse(route.request, {
    path: event.pathParameters ?? {},
    query: event.queryStringParameters ?? {},
    ...(body !== undefined && { body }),
  }) as Record<string, Record<string, unknown>>;
};

const logKeysOf = ({ tenant }: Caller, { pathParameters }: Event): LogKeys => {
  const { project_id, task_id } = pathParameters ?? {};
  return { tenant, ...(project_id && { project_id }), ...(task_id && { task_id }) };
};

/** Who may not come in learns nothing of what is wrong with the request: nothing is parsed before. */
const runRoute = async (deps: HandleDeps, asked: Asked): Promise<Result> => {
  const { served, event, context } = asked;
  const { route, run } = served;
  const caller = await callerOf(deps, route, event);
  await parseBody(event);
  const request = requestOf(served, event);
  const call = caller && callOf(deps, asked, caller);
  if (call) deps.logger.appendKeys(logKeysOf(call, event));
  const { body, replayed } = await deps.once(call?.receipt, async () =>
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

/** The Lambda handler of one resource: finds the route, checks the caller, parses, runs the use case, answers. */
export const handle = (deps: HandleDeps, served: readonly Served[]) => {
  const { logger, isTransient } = deps;
  const table = new Map(served.map((row) => [routeKeyOf(row.route), row]));
  return middy<Event, Result, Error>()
    .use(problemJson({ isTransient, log: (problem) => logProblem(logger, problem) }))
    .handler(async (event: Event, context: Context) => {
      const served = find(table, event);
      const result = await runRoute(deps, { served, event, context });
      logger.info("request", { route: event.routeKey, status: result.statusCode });
      return result;
    });
};
