import type { APIGatewayProxyResultV2, Context } from "aws-lambda";
import * as z from "zod";
import { ClientMessage, socketAccess } from "../../lib/contracts/socket-messages.ts";
import { checkAccess } from "../../lib/domain/access.ts";
import { Id } from "../../lib/domain/common.ts";
import { problems } from "../../lib/domain/problem.ts";
import type { SocketEvent } from "../../lib/http/authenticate.ts";
import { parse } from "../../lib/http/parse.ts";
import { answerProblem } from "../../lib/http/problem-json.ts";
import { readMessage } from "../../lib/http/read-message.ts";
import { connect, receive } from "../../lib/services/sockets/socket.ts";
import { invocationKeys } from "../wiring/logger.ts";
import { openDependencies, type Platform } from "../wiring/platform.ts";

const Address = z.object({
  project_id: Id.optional(),
  after: z.coerce.number().int().min(0).optional(),
});

/**
 * Handles the events of sockets. The event type decides, not the route: for an unknown action the route is the client's
 * own string. Each event names its caller.
 */
export const serveSocket = (platform: Platform) => {
  const deps = openDependencies(platform);
  const { authenticate, config } = platform;
  const endpoint = config.WEBSOCKET_ENDPOINT;
  const handlers = {
    CONNECT: async (event: SocketEvent, correlation_id: string) => {
      const caller = checkAccess(await authenticate(event), socketAccess.connect);
      const { project_id, after } = parse(Address, event.queryStringParameters ?? {}, ["query"]);
      const { connectionId: connection_id } = event.requestContext;
      const opened = { ...caller, correlation_id, connection_id, endpoint, project_id, after };
      return connect(deps, opened);
    },
    /** A socket without a caller was refused at its opening: nothing is stored of it. */
    DISCONNECT: async (event: SocketEvent) => {
      const { connectionId: connection_id } = event.requestContext;
      const caller = await authenticate(event);
      if (caller) await deps.dropConnection({ tenant: caller.tenant, connection_id });
    },
    MESSAGE: (event: SocketEvent, correlation_id: string) => {
      const { body, requestContext } = event;
      const connected_at = new Date(requestContext.connectedAt ?? 0).toISOString();
      const socket = { connection_id: requestContext.connectionId, endpoint, connected_at };
      return receive(deps, {
        correlation_id,
        socket,
        authenticate: () => authenticate(event),
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
      await handlers[eventType](event, correlation_id);
      return { statusCode: 200 };
    } catch (error) {
      const problem = deps.problemOf(error);
      const { code, message: detail } = problem;
      if (problems[code].status < 500) {
        platform.logger.info("socket refused", { eventType, code, detail });
      } else {
        platform.logger.error("socket failed", { eventType, error: error as Error });
      }
      return answerProblem(problem, correlation_id);
    }
  };
  return (event: SocketEvent, context: Context) =>
    platform.logger.withKeys(invocationKeys(context), () => serveOne(event, context.awsRequestId));
};
