import type * as z from "zod";
import type { Call } from "../contracts/call.ts";
import type { Answered, BatchResult, BatchRun, Command, CommandRun } from "../contracts/command.ts";
import type { IdempotencyKey } from "../contracts/idempotency.ts";
import { Problem } from "../domain/problem.ts";
import type { BatchRoute, CommandRoute, PublicRoute, QueryRoute, Route } from "./route.ts";

type RequestOf<R extends Route> = z.output<R["request"]>;
type ResultOf<R extends Route> = z.input<R["response"]>;
type MaybePromise<T> = T | Promise<T>;
/** Who sends a batch, and the key of the whole: each of its commands derives its own from it. */
type Sender = { call: Call; idempotencyKey: IdempotencyKey | undefined };

/** The use case that may serve a route: a query gives its answer, a command returns what it wants committed. */
type UseOf<R extends Route> = R extends { kind: "public" }
  ? (request: RequestOf<R>) => Promise<ResultOf<R>>
  : R extends { kind: "query" }
    ? (request: RequestOf<R>, call: Call) => Promise<ResultOf<R>>
    : R extends { kind: "command" }
      ? (request: RequestOf<R>, call: Call) => MaybePromise<Command<ResultOf<R>>>
      : (request: RequestOf<R>, sender: Sender) => Promise<BatchResult<ResultOf<R>>>;

type Request = Record<string, Record<string, unknown>>;

/** A route with the use case that serves it. */
export type Served =
  | { kind: "public"; route: PublicRoute; use: (request: Request) => Promise<unknown> }
  | { kind: "query"; route: QueryRoute; use: (request: Request, call: Call) => Promise<unknown> }
  | {
      kind: "command";
      route: CommandRoute;
      use: (request: Request, call: Call) => MaybePromise<Command<unknown>>;
    }
  | {
      kind: "batch";
      route: BatchRoute;
      use: (request: Request, sender: Sender) => Promise<BatchResult<unknown>>;
    };

/**
 * Pairs a route with its use case; the types of both must agree. A route that is no query is served by a command alone,
 * so that none can forget its idempotency key or If-Match.
 */
export const serve = <R extends Route>(route: R, use: UseOf<R>): Served =>
  ({ kind: route.kind, route, use }) as unknown as Served;

/** What runs the use cases: see services/commit/run-command.ts. */
export type RunDeps = {
  runCommand: <Result, Answer>(run: CommandRun<Result, Answer>) => Promise<Answered<Answer>>;
  runBatch: <Result, Answer>(run: BatchRun<Result, Answer>) => Promise<Answered<Answer>>;
};

/** A request as its use case takes it, with what its headers ask for. */
export type ReceivedRequest = {
  request: Request;
  /** Undefined on a public route. */
  call: Call | undefined;
  idempotencyKey: IdempotencyKey | undefined;
  /** @throws Problem `precondition-failed` when If-Match names another state than `tag` */
  match: (tag: string) => void;
};

/** Runs a route's use case and gives its answer the form of the route's schema, before it is kept or sent. */
export const runServed = async (
  { runCommand, runBatch }: RunDeps,
  served: Served,
  { request, call, idempotencyKey, match }: ReceivedRequest,
): Promise<Answered<unknown>> => {
  const shape = (result: unknown): unknown => served.route.response.parse(result);
  if (served.kind === "public") return { body: shape(await served.use(request)), replayed: false };
  if (!call) throw new Problem("unauthenticated", "Nobody is known to have sent this.");
  if (served.kind === "query") {
    return { body: shape(await served.use(request, call)), replayed: false };
  }
  if (served.kind === "batch") {
    return runBatch({
      idempotencyKey,
      shape,
      run: () => served.use(request, { call, idempotencyKey }),
    });
  }
  return runCommand({
    call,
    idempotencyKey,
    shape,
    prepare: () => served.use(request, call),
    checkMatch: (change) => {
      const tag = served.route.ifMatch?.(change, request);
      if (tag !== undefined) match(tag);
    },
  });
};
