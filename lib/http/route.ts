import type * as z from "zod";
import type { Role } from "../domain/access.ts";
import type { Change } from "../domain/change.ts";
import type { ProblemCode } from "../domain/problem.ts";

/** A file as an answer: what its bytes are, and the name to save them under. */
type FileAnswer<Body> = {
  contentType: string;
  of(body: Body): { name: string; data: Uint8Array };
};

/** The ETag of what is about to be changed; undefined when it is not there. */
type TagBefore<Request> = { of(change: Change, request: Request): string | undefined };

// Methods below, not properties: a route of any request and response is to be a Route.

/** What every operation says of itself. */
type Operation<Request extends z.ZodObject, Response extends z.ZodType> = {
  operationId: string;
  path: `/${string}`;
  summary: string;
  tag: string;
  /** Keys `path`, `query` and `body`, as many as the operation has. */
  request: Request;
  /** Of a success; an operation that answers 204 has `z.null()`. What it does not name is not answered. */
  response: Response;
  status: 200 | 201 | 204;
  /** Its own; those that its kind implies are added by `declaredProblems`. */
  problems: readonly ProblemCode[];
  /** What the ETag says, from the answer. */
  tagOf?(body: z.output<Response>): string;
  /** The Location header, from the answer. */
  location?(body: z.output<Response>): string;
  /** The status, where it depends on the answer. */
  statusOf?(body: z.output<Response>): number;
  /** Of an operation that answers a file instead of JSON. */
  file?: FileAnswer<z.output<Response>>;
};

/** The least role that may use an operation. */
type AccessFields = { access: Role };

/** Open to everybody: nobody asks who calls. */
type PublicFields = {
  kind: "public";
  method: "get";
  access: "public";
  idempotent?: never;
  ifMatch?: never;
};

/** Reads and changes nothing. */
type QueryFields = AccessFields & {
  kind: "query";
  method: "get";
  idempotent?: never;
  ifMatch?: never;
};

/** Changes one project in one commit. */
type CommandFields<Request extends z.ZodObject> = AccessFields & {
  kind: "command";
  method: "post" | "put" | "patch" | "delete";
  /** Honours Idempotency-Key. PUT, PATCH and DELETE come to the same when they are sent again. */
  idempotent: boolean;
  /**
   * The ETag of what is about to be changed, for If-Match; undefined when it is not there. Null where the caller can
   * have no ETag: of what is only being created, and of what has none.
   */
  ifMatch: TagBefore<z.output<Request>>["of"] | null;
};

/**
 * Several commands in one request, with a commit and an idempotency key each: one that fails does not undo the others,
 * and a call that died is gone on with by the same call again.
 */
type BatchFields = AccessFields & {
  kind: "batch";
  method: "post";
  idempotent: true;
  ifMatch?: never;
};

/** How the answer is shown, where what is kept for a repeated request is shorter. */
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

/** One HTTP operation as data: the handler, the OpenAPI document and the deploy test all read it. */
export type Route<
  Request extends z.ZodObject = z.ZodObject,
  Response extends z.ZodType = z.ZodType,
> =
  | PublicRoute<Request, Response>
  | QueryRoute<Request, Response>
  | CommandRoute<Request, Response>
  | BatchRoute<Request, Response>;

// Each of these keeps the exact types of a route, for its use case.

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

/** API Gateway's name of a route. */
export const routeKeyOf = ({ method, path }: Pick<Route, "method" | "path">): string =>
  `${method.toUpperCase()} ${path}`;
