import type * as z from "zod";
import type { Call } from "../contracts/call.ts";
import type { Answered, BatchResult, BatchRun, Command, CommandRun } from "../contracts/command.ts";
import type { IdempotencyKey } from "../contracts/idempotency.ts";
import { Problem } from "../domain/problem.ts";
import type { BatchRoute, CommandRoute, PublicRoute, QueryRoute, Route } from "./route.ts";

type RequestOf<R extends Route> = z.output<R["request"]>;
type ResultOf<R extends Route> = z.input<R["response"]>;
type MaybePromise<T> = T | Promise<T>;
/** The caller of a batch, and the batch's idempotency key, from which each command derives its own. */
type Sender = { call: Call; idempotencyKey: IdempotencyKey | undefined };

/** The type of the use case for a route: a query gives its result, a command gives what is to be committed. */
type UseOf<R extends Route> = R extends { kind: "public" }
  ? (request: RequestOf<R>, call: Call | undefined) => Promise<ResultOf<R>>
  : R extends { kind: "query" }
    ? (request: RequestOf<R>, call: Call) => Promise<ResultOf<R>>
    : R extends { kind: "command" }
      ? (request: RequestOf<R>, call: Call) => MaybePromise<Command<ResultOf<R>>>
      : (request: RequestOf<R>, sender: Sender) => Promise<BatchResult<ResultOf<R>>>;

type Request = Record<string, Record<string, unknown>>;

/** A route with the use case that serves it. */
export type Served =
  | {
      kind: "public";
      route: PublicRoute;
      use: (request: Request, call: Call | undefined) => Promise<unknown>;
    }
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
 * Pairs a route with its use case; their types must fit. Only a Command can serve a route of kind `command`, so that none can
 * forget the idempotency key or If-Match.
 */
export const serve = <R extends Route>(route: R, use: UseOf<R>): Served =>
  ({ kind: route.kind, route, use }) as unknown as Served;

/** Functions that run commands and batches: see services/commit/run-command.ts. */
export type RunDeps = {
  runCommand: <Result, Answer>(run: CommandRun<Result, Answer>) => Promise<Answered<Answer>>;
  runBatch: <Result, Answer>(run: BatchRun<Result, Answer>) => Promise<Answered<Answer>>;
};

/** A parsed request with its caller, idempotency key and If-Match. */
export type ReceivedRequest = {
  request: Request;
  /** Undefined on a public route, unless the caller gets more than others. */
  call: Call | undefined;
  idempotencyKey: IdempotencyKey | undefined;
  /**
   * Checks If-Match.
   *
   * @throws Problem `precondition-failed` when it names another state than `tag`
   */
  match: (tag: string) => void;
};

/**
 * Runs a route's use case, and parses its result with the route's schema before it is stored or sent.
 *
 * @throws Problem `unauthenticated` without a caller on a route that needs one, `precondition-failed`, and those of the use case
 * @throws ZodError when the result does not fit the route's schema
 */
export const runServed = async (
  { runCommand, runBatch }: RunDeps,
  served: Served,
  { request, call, idempotencyKey, match }: ReceivedRequest,
): Promise<Answered<unknown>> => {
  const shape = (result: unknown): unknown => served.route.response.parse(result);
  if (served.kind === "public") {
    return { body: shape(await served.use(request, call)), replayed: false };
  }
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
