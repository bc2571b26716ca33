import {
  ApiGatewayManagementApiClient,
  type ApiGatewayManagementApiClientConfig,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { SQSClient, type SQSClientConfig } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { openSockets, type Sockets } from "../../lib/adapters/websocket/sockets.ts";

export type Clients = { dynamodb: DynamoDBDocumentClient; sqs: SQSClient; sockets: Sockets };

/** A call that hangs must not hang its caller: the SDK tries again. */
const requestHandler = {
  connectionTimeout: 1_000,
  requestTimeout: 2_000,
  throwOnRequestTimeout: true,
};

/** What the three clients have in common; a test gives them a network of its own. */
export type ClientSettings = DynamoDBClientConfig &
  SQSClientConfig &
  ApiGatewayManagementApiClientConfig;

/** @param overrides of the settings that the functions run with */
export const openClients = (overrides: ClientSettings = {}): Clients => {
  const settings: ClientSettings = { maxAttempts: 3, requestHandler, ...overrides };
  return {
    dynamodb: DynamoDBDocumentClient.from(new DynamoDBClient(settings), {
      marshallOptions: { removeUndefinedValues: true },
    }),
    sqs: new SQSClient(settings),
    sockets: openSockets(
      (endpoint) => new ApiGatewayManagementApiClient({ ...settings, endpoint, maxAttempts: 2 }),
    ),
  };
};
