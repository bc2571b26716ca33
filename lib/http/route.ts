import type * as z from "zod";
import type { Access } from "../domain/access.ts";
import type { ProblemCode } from "../domain/problem.ts";

/** A file as an answer: what its bytes are, and the name to save them under. */
type FileAnswer<Body> = {
  contentType: string;
  of: (body: Body) => { name: string; data: Uint8Array };
};

/** One HTTP operation as data: the handler, the OpenAPI document and the deploy test all read it. */
export type Route<
  Request extends z.ZodObject = z.ZodObject,
  Response extends z.ZodType = z.ZodType,
  Needs extends Access = Access,
> = {
  operationId: string;
  method: "get" | "post" | "put" | "patch" | "delete";
  path: `/${string}`;
  summary: string;
  /** The least role that may use it. On a `public` one nobody asks who calls. */
  access: Needs;
  tag: string;
  /** Keys `path`, `query` and `body`, as many as the operation has. */
  request: Request;
  /** Of a success; an operation that answers 204 has `z.null()`. */
  response: Response;
  status: 200 | 201 | 204;
  problems: readonly ProblemCode[];
  /** Honours Idempotency-Key. */
  idempotent?: boolean;
  /** How the answer is shown, where what is kept for a repeated request is shorter. */
  present?: (body: z.output<Response>) => z.output<Response>;
  /** What the ETag says, from the answer. */
  tagOf?: (body: z.output<Response>) => string;
  /** The Location header, from the answer. */
  location?: (body: z.output<Response>) => string;
  /** The status, where it depends on the answer. */
  statusOf?: (body: z.output<Response>) => number;
  /** Of an operation that answers a file instead of JSON. */
  file?: FileAnswer<z.output<Response>>;
};

/** Keeps the exact types of a route, for its handler. */
export const defineRoute = <
  Request extends z.ZodObject,
  Response extends z.ZodType,
  const Needs extends Access,
>(
  route: Route<Request, Response, Needs>,
): Route<Request, Response, Needs> => route;

/** API Gateway's name of a route. */
export const routeKeyOf = ({ method, path }: Pick<Route, "method" | "path">): string =>
  `${method.toUpperCase()} ${path}`;
