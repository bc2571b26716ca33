import type { APIGatewayProxyEventV2, APIGatewayProxyWebsocketEventV2 } from "aws-lambda";
import * as z from "zod";
import { rolesOfPerson } from "../domain/access.ts";
import type { Caller } from "../domain/common.ts";
import { parse } from "./parse.ts";

type Headers = Record<string, string | undefined>;

/** What happens to a socket; headers and query come with $connect alone. */
export type SocketEvent = APIGatewayProxyWebsocketEventV2 & {
  headers?: Headers;
  queryStringParameters?: Record<string, string | undefined> | null;
};

/** An event with somebody behind it: a request, or a socket's $connect, message or $disconnect. */
type CallerEvent = (APIGatewayProxyEventV2 | SocketEvent) & {
  /**
   * What an authorizer of API Gateway said. A socket's is asked at $connect, and its words come with every later event
   * of that connection.
   *
   * Source: docs.aws.amazon.com/apigateway, "Create Lambda authorizers for WebSocket APIs"
   */
  requestContext: { authorizer?: unknown };
};

/**
 * The one seam that says who calls.
 *
 * @returns null for somebody who is not known
 * @throws Problem that is answered as it is: one that knows more than `unauthenticated`, or that nobody can be known now
 */
export type Authenticate = (event: CallerEvent) => Promise<Caller | null>;

const userIdPattern = "^[\\w.@+:-]{1,128}$";

/** How AUTH_MODE=none is told who acts; the documents show it. */
export const userIdHeader = {
  name: "X-User-Id",
  description: "Who acts. Shown in events and in the history of requests.",
  schema: { type: "string", pattern: userIdPattern, default: "local-user" },
} as const;

const UserId = z
  .string()
  .regex(new RegExp(userIdPattern), "1 to 128 letters, digits, or any of . _ @ + : -")
  .default(userIdHeader.schema.default);

/** API Gateway writes the headers of requests in lower case, those of $connect as they were sent. */
const headerOf = (headers: Headers = {}, wanted: string): string | undefined =>
  Object.entries(headers).find(([name]) => name.toLowerCase() === wanted)?.[1];

/** Everybody may do everything, in one tenant, under the name in X-User-Id. */
const trustEverybody: Authenticate = async ({ headers }) => ({
  tenant: "local",
  user_id: parse(UserId, headerOf(headers, "x-user-id"), ["headers", "x-user-id"]),
  roles: rolesOfPerson,
});

/** The ways to know a caller, by AUTH_MODE. */
export const authenticators = { none: trustEverybody } as const satisfies Record<
  string,
  Authenticate
>;

export type AuthMode = keyof typeof authenticators;
