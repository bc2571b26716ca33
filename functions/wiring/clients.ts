import {
  ApiGatewayManagementApiClient,
  type ApiGatewayManagementApiClientConfig,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { SQSClient, type SQSClientConfig } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { openSockets, type Sockets } from "../../lib/adapters/websocket/sockets.ts";

export type Clients = { dynamodb: DynamoDBDocumentClient; sqs: SQSClient; sockets: Sockets };

/** Milliseconds. The SDK ends a call that gets no answer, and tries again, so that the caller does not wait long. */
const requestHandler = {
  connectionTimeout: 1_000,
  requestTimeout: 2_000,
  throwOnRequestTimeout: true,
};

/** Settings that all three clients take. Tests replace the network by them. */
export type ClientSettings = DynamoDBClientConfig &
  SQSClientConfig &
  ApiGatewayManagementApiClientConfig;

/**
 * Opens the clients of DynamoDB, SQS and the sockets.
 *
 * @param overrides settings that replace those of the functions
 */
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
