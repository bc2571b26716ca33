import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import type { Posted } from "../../contracts/connection.ts";

/** Gives one client for each endpoint. Two stacks may share a table, while each has sockets of its own. */
export type Sockets = { clientFor: (endpoint: string) => ApiGatewayManagementApiClient };

/** Makes the clients of endpoints when they are first needed. */
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

/**
 * Tells whether an error says that the socket is closed (410). From AWS it is a GoneException; from the local gateway it has
 * no name.
 */
export const isGone = (error: unknown): boolean =>
  error instanceof Error &&
  (error.name === "GoneException" ||
    ("$metadata" in error &&
      (error.$metadata as { httpStatusCode?: number }).httpStatusCode === 410));

type Socket = { endpoint: string; connection_id: string };

/** Posts one frame. It never throws: the client asks again for events that did not arrive. */
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
