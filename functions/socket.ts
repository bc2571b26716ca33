import type { APIGatewayProxyResultV2, APIGatewayProxyWebsocketEventV2, Context } from "aws-lambda";
import * as z from "zod";
import { Id } from "../lib/domain/common.ts";
import { toProblem } from "../lib/domain/problem.ts";
import { ClientMessage } from "../lib/domain/socket-messages.ts";
import { identify } from "../lib/http/identify.ts";
import { parse } from "../lib/http/parse.ts";
import { answerProblem } from "../lib/http/problem-json.ts";
import { readMessage } from "../lib/http/read-message.ts";
import { connect, receive } from "../lib/services/socket.ts";
import { openParts, outside } from "./parts/parts.ts";

const given = outside();
const parts = openParts(given);

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

const open = async (event: SocketEvent, correlation_id: string) => {
  const { project_id, after } = parse(Address, event.queryStringParameters ?? {}, ["query"]);
  await connect(parts, {
    ...identify(lowerCase(event.headers)),
    connection_id: event.requestContext.connectionId,
    endpoint: given.config.WEBSOCKET_ENDPOINT,
    project_id,
    after,
    correlation_id,
  });
};

/** Sockets have no tenant in their messages: it is the one that $connect was vouched for. */
const { tenant } = identify({});

const close = (event: SocketEvent) =>
  parts.dropConnection({ tenant, connection_id: event.requestContext.connectionId });

const hear = (event: SocketEvent, request_id: string) => {
  const { connectionId, connectedAt } = event.requestContext;
  return receive(parts, {
    tenant,
    request_id,
    socket: {
      connection_id: connectionId,
      endpoint: given.config.WEBSOCKET_ENDPOINT,
      connected_at: new Date(connectedAt ?? 0).toISOString(),
    },
    read: () => readMessage(ClientMessage, event.body),
  });
};

const moments = { CONNECT: open, DISCONNECT: close, MESSAGE: hear } as const;

/** The moment decides, not the route: for an unknown action the route is the client's own string. */
export const handler = async (
  event: SocketEvent,
  context: Context,
): Promise<APIGatewayProxyResultV2> => {
  const { eventType } = event.requestContext;
  const correlation_id = context.awsRequestId;
  try {
    await moments[eventType](event, correlation_id);
    return { statusCode: 200 };
  } catch (error) {
    const problem = toProblem(error);
    given.logger.error("socket failed", { correlation_id, eventType, error: error as Error });
    return answerProblem(problem, correlation_id);
  }
};
