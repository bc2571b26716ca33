import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import type { Posted } from "../../contracts/connection.ts";

/** One client per endpoint: two stacks may share a table, each with sockets of its own. */
export type Sockets = { clientFor: (endpoint: string) => ApiGatewayManagementApiClient };

export const openSockets = (
  make: (endpoint: string) => ApiGatewayManagementApiClient = (endpoint) =>
    new ApiGatewayManagementApiClient({ endpoint, maxAttempts: 2 }),
): Sockets => {
  const clients = new Map<string, ApiGatewayManagementApiClient>();
  return {
    clientFor: (endpoint) => {
      const client = clients.get(endpoint) ?? make(endpoint);
      clients.set(endpoint, client);
      return client;
    },
  };
};

/** A 410 comes as GoneException from AWS, and without a name from the local gateway. */
export const isGone = (error: unknown): boolean =>
  error instanceof Error &&
  (error.name === "GoneException" ||
    ("$metadata" in error &&
      (error.$metadata as { httpStatusCode?: number }).httpStatusCode === 410));

type Socket = { endpoint: string; connection_id: string };

/** Posts one frame. It never throws: a frame that does not arrive is asked for again by its client. */
export const post = async (sockets: Sockets, socket: Socket, frame: string): Promise<Posted> => {
  try {
    await sockets
      .clientFor(socket.endpoint)
      .send(new PostToConnectionCommand({ ConnectionId: socket.connection_id, Data: frame }));
    return "sent";
  } catch (error) {
    return isGone(error) ? "gone" : "dropped";
  }
};
