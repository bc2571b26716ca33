import type { APIGatewayProxyEventV2, APIGatewayProxyWebsocketEventV2 } from "aws-lambda";
import * as z from "zod";
import { rolesOfPerson } from "../domain/access.ts";
import type { Caller } from "../domain/common.ts";
import { parse } from "./parse.ts";

type Headers = Record<string, string | undefined>;

/** An event of a socket. Only $connect has headers and a query. */
export type SocketEvent = APIGatewayProxyWebsocketEventV2 & {
  headers?: Headers;
  queryStringParameters?: Record<string, string | undefined> | null;
};

/** An event that has a caller: a request, or a socket's $connect, message or $disconnect. */
type CallerEvent = (APIGatewayProxyEventV2 | SocketEvent) & {
  /**
   * The result of an authorizer of API Gateway. For a socket it runs at $connect, and every later event of the connection has
   * the same result.
   *
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html
   */
  requestContext: { authorizer?: unknown };
};

/**
 * Finds out who calls. It is the only place for that.
 *
 * @returns null for an unknown caller, which is answered with `unauthenticated`
 * @throws Problem for any other answer, such as `dependency-down` when callers cannot be checked now
 */
export type Authenticate = (event: CallerEvent) => Promise<Caller | null>;

const userIdPattern = "^[\\w.@+:-]{1,128}$";

/** The header that names the caller when AUTH_MODE is none, as the OpenAPI document shows it. */
export const userIdHeader = {
  name: "X-User-Id",
  description: "Who acts. Shown in events and in the history of requests.",
  schema: { type: "string", pattern: userIdPattern, default: "local-user" },
} as const;

const UserId = z
  .string()
  .regex(new RegExp(userIdPattern), "1 to 128 letters, digits, or any of . _ @ + : -")
  .default(userIdHeader.schema.default);

/** Finds a header. API Gateway writes those of requests in lower case, but leaves those of $connect as they were sent. */
const headerOf = (headers: Headers = {}, wanted: string): string | undefined =>
  Object.entries(headers).find(([name]) => name.toLowerCase() === wanted)?.[1];

/**
 * Accepts every caller under the name in X-User-Id, in one tenant, with all roles of a person.
 *
 * @throws Problem `invalid-request` for a name that does not match the pattern
 */
const trustEverybody: Authenticate = async ({ headers }) => ({
  tenant: "local",
  user_id: parse(UserId, headerOf(headers, "x-user-id"), ["headers", "x-user-id"]),
  roles: rolesOfPerson,
});

/** How callers are authenticated, by AUTH_MODE. */
export const authenticators = { none: trustEverybody } as const satisfies Record<
  string,
  Authenticate
>;

export type AuthMode = keyof typeof authenticators;
