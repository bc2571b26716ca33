import type { APIGatewayProxyResultV2, APIGatewayProxyWebsocketEventV2, Context } from "aws-lambda";
import * as z from "zod";
import { ClientMessage } from "../../lib/contracts/socket-messages.ts";
import { Id } from "../../lib/domain/common.ts";
import { problems } from "../../lib/domain/problem.ts";
import { identify } from "../../lib/http/authenticate.ts";
import { parse } from "../../lib/http/parse.ts";
import { answerProblem } from "../../lib/http/problem-json.ts";
import { readMessage } from "../../lib/http/read-message.ts";
import { connect, receive } from "../../lib/services/sockets/socket.ts";
import { invocationKeys } from "../wiring/logger.ts";
import { type Outside, openParts } from "../wiring/platform.ts";

type SocketEvent = APIGatewayProxyWebsocketEventV2 & {
  headers?: Record<string, string | undefined>;
  queryStringParameters?: Record<string, string | undefined> | null;
};

const Address = z.object({
  project_id: Id.optional(),
  after: z.coerce.number().int().min(0).optional(),
});

const lowerCase = (headers: Record<string, string | undefined> = {}) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** Sockets have no tenant in their messages: it is the one that $connect was vouched for. */
const { tenant } = identify({});

/**
 * Handles what happens to a socket. The moment decides, not the route: for an unknown action the route is
 * the client's own string.
 */
export const serveSocket = (given: Outside) => {
  const parts = openParts(given);
  const endpoint = given.config.WEBSOCKET_ENDPOINT;
  const moments = {
    CONNECT: (event: SocketEvent, correlation_id: string) => {
      const { project_id, after } = parse(Address, event.queryStringParameters ?? {}, ["query"]);
      const { connectionId: connection_id } = event.requestContext;
      const caller = { ...identify(lowerCase(event.headers)), correlation_id };
      return connect(parts, { ...caller, connection_id, endpoint, project_id, after });
    },
    DISCONNECT: (event: SocketEvent) =>
      parts.dropConnection({ tenant, connection_id: event.requestContext.connectionId }),
    MESSAGE: ({ body, requestContext }: SocketEvent, request_id: string) => {
      const connected_at = new Date(requestContext.connectedAt ?? 0).toISOString();
      const socket = { connection_id: requestContext.connectionId, endpoint, connected_at };
      return receive(parts, {
        tenant,
        request_id,
        socket,
        read: () => readMessage(ClientMessage, body),
      });
    },
  } as const;
  const serveOne = async (
    event: SocketEvent,
    correlation_id: string,
  ): Promise<APIGatewayProxyResultV2> => {
    const { eventType } = event.requestContext;
    try {
      await moments[eventType](event, correlation_id);
      return { statusCode: 200 };
    } catch (error) {
      const problem = parts.problemOf(error);
      const { code, message: detail } = problem;
      if (problems[code].status < 500) {
        given.logger.info("socket refused", { eventType, code, detail });
      } else {
        given.logger.error("socket failed", { eventType, error: error as Error });
      }
      return answerProblem(problem, correlation_id);
    }
  };
  return (event: SocketEvent, context: Context) =>
    given.logger.withKeys(invocationKeys(context), () => serveOne(event, context.awsRequestId));
};
