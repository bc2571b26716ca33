import type { APIGatewayProxyResultV2 } from "aws-lambda";
import type { Platform } from "../../functions/wiring/platform.ts";
import type { Caller } from "../../lib/domain/common.ts";
import { definitions, functionOf } from "../faults/world/functions.ts";
import { aContext, anEvent } from "../unit/http/event.ts";
import { authorizerOf } from "./authenticator.ts";

type EventFields = Omit<NonNullable<Parameters<typeof anEvent>[0]>, "caller" | "routeKey">;

/** Requests and sockets of people whom an authorizer of API Gateway has let in, to functions built from `platform`. */
export const openRequests = (platform: Platform) => {
  const socket = definitions.socket.make(platform);
  return {
    send: async (caller: Caller, routeKey: string, asked: EventFields = {}) => {
      const event = anEvent({ path: {}, ...asked, routeKey, caller });
      const run = functionOf(routeKey).make(platform);
      const { statusCode, body } = (await run(event as never, aContext as never)) as {
        statusCode: number;
        body?: string;
      };
      return { status: statusCode, text: body ?? "" };
    },
    /** What happens to a socket: the caller is who connected, whose words come with every event. */
    happen: async (caller: Caller | null, connectionId: string, event: object) => {
      const authorizer = caller && authorizerOf.socket(caller);
      const { requestContext = {}, ...rest } = event as { requestContext?: object };
      const whole = {
        ...rest,
        requestContext: { ...requestContext, connectionId, connectedAt: Date.now(), authorizer },
      };
      return (await socket(whole as never, aContext as never)) as APIGatewayProxyResultV2;
    },
  };
};
