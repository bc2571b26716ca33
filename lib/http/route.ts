import type * as z from "zod";
import type { Role } from "../domain/access.ts";
import type { Change } from "../domain/change.ts";
import type { ProblemCode } from "../domain/problem.ts";

/** An answer that is a file. `of` gives its bytes, and the name to save them under. */
type FileAnswer<Body> = {
  contentType: string;
  of(body: Body): { name: string; data: Uint8Array };
};

/** Gives the tag of the record that is about to be changed; undefined when it does not exist. */
type TagBefore<Request> = { of(change: Change, request: Request): string | undefined };

// Functions below are declared as methods, so that a route of any request and response is assignable to Route.

/** The fields of every operation. */
type Operation<Request extends z.ZodObject, Response extends z.ZodType> = {
  operationId: string;
  path: `/${string}`;
  summary: string;
  tag: string;
  /** An object with the keys `path`, `query` and `body`: those that the operation has. */
  request: Request;
  /** The body of a success; `z.null()` for 204. Fields that it does not name are removed. */
  response: Response;
  status: 200 | 201 | 204;
  /** Its own problems. `declaredProblems` adds those that every route of its kind has. */
  problems: readonly ProblemCode[];
  /** Gives the tag for the ETag header. */
  tagOf?(body: z.output<Response>): string;
  /** Gives the Location header. */
  location?(body: z.output<Response>): string;
  /** Gives the status, when it depends on the body. */
  statusOf?(body: z.output<Response>): number;
  /** Set when the operation answers a file instead of JSON. */
  file?: FileAnswer<z.output<Response>>;
};

/** The least role that may use an operation. */
type AccessFields = { access: Role };

/** An operation for everybody. */
type PublicFields = {
  /** Callers with this role get more. Without it nobody is authenticated. */
  moreFor?: Role;
  kind: "public";
  method: "get";
  access: "public";
  idempotent?: never;
  ifMatch?: never;
};

/** An operation that only reads. */
type QueryFields = AccessFields & {
  moreFor?: never;
  kind: "query";
  method: "get";
  idempotent?: never;
  ifMatch?: never;
};

/** An operation that changes one project in one commit. */
type CommandFields<Request extends z.ZodObject> = AccessFields & {
  moreFor?: never;
  kind: "command";
  method: "post" | "put" | "patch" | "delete";
  /** Whether it takes an Idempotency-Key. PUT, PATCH and DELETE need none: sent again, they have the same result. */
  idempotent: boolean;
  /**
   * Gives the tag of the record that is about to be changed, for If-Match; undefined when it does not exist. Null when callers
   * can have no ETag: the record is created by this operation, or has no ETag.
   */
  ifMatch: TagBefore<z.output<Request>>["of"] | null;
};

/**
 * Several commands in one request, each with its own commit and idempotency key. A command that fails does not undo the others.
 * After a crash, the same request sent again does the rest.
 */
type BatchFields = AccessFields & {
  moreFor?: never;
  kind: "batch";
  method: "post";
  idempotent: true;
  ifMatch?: never;
};

/** Makes the answer of the stored response, when the stored response is shorter. */
type PresentField<Response extends z.ZodType> = {
  present?(body: z.output<Response>): z.output<Response>;
};

export type PublicRoute<
  Request extends z.ZodObject = z.ZodObject,
  Response extends z.ZodType = z.ZodType,
> = Operation<Request, Response> & PublicFields & { present?: never };

export type QueryRoute<
  Request extends z.ZodObject = z.ZodObject,
  Response extends z.ZodType = z.ZodType,
> = Operation<Request, Response> & QueryFields & { present?: never };

export type CommandRoute<
  Request extends z.ZodObject = z.ZodObject,
  Response extends z.ZodType = z.ZodType,
> = Operation<Request, Response> & CommandFields<Request> & PresentField<Response>;

export type BatchRoute<
  Request extends z.ZodObject = z.ZodObject,
  Response extends z.ZodType = z.ZodType,
> = Operation<Request, Response> & BatchFields & PresentField<Response>;

/** An HTTP operation as data. The handler, the OpenAPI document and the test of serverless.yml read it. */
export type Route<
  Request extends z.ZodObject = z.ZodObject,
  Response extends z.ZodType = z.ZodType,
> =
  | PublicRoute<Request, Response>
  | QueryRoute<Request, Response>
  | CommandRoute<Request, Response>
  | BatchRoute<Request, Response>;

// The functions below keep the exact types of a route, so that `serve` can check its use case.

export const definePublic = <Request extends z.ZodObject, Response extends z.ZodType>(
  route: Omit<PublicRoute<Request, Response>, "kind" | "method" | "access">,
): PublicRoute<Request, Response> => ({
  kind: "public",
  method: "get",
  access: "public",
  ...route,
});

export const defineQuery = <Request extends z.ZodObject, Response extends z.ZodType>(
  route: Omit<QueryRoute<Request, Response>, "kind" | "method">,
): QueryRoute<Request, Response> => ({ kind: "query", method: "get", ...route });

export const defineCommand = <Request extends z.ZodObject, Response extends z.ZodType>(
  route: Omit<CommandRoute<Request, Response>, "kind">,
): CommandRoute<Request, Response> => ({ kind: "command", ...route });

export const defineBatch = <Request extends z.ZodObject, Response extends z.ZodType>(
  route: Omit<BatchRoute<Request, Response>, "kind" | "method" | "idempotent">,
): BatchRoute<Request, Response> => ({
  kind: "batch",
  method: "post",
  idempotent: true,
  ...route,
});

/** Gives API Gateway's route key: `GET /health`. */
export const routeKeyOf = ({ method, path }: Pick<Route, "method" | "path">): string =>
  `${method.toUpperCase()} ${path}`;
