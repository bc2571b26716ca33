import { ApiGatewayManagementApiClient } from "@aws-sdk/client-apigatewaymanagementapi";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { openSockets, type Sockets } from "../../lib/adapters/sockets.ts";

export type Clients = { dynamodb: DynamoDBDocumentClient; sqs: SQSClient; sockets: Sockets };

/** A call that hangs must not hang its caller: the SDK tries again. */
const requestHandler = {
  connectionTimeout: 1_000,
  requestTimeout: 2_000,
  throwOnRequestTimeout: true,
};

const settings = { maxAttempts: 3, requestHandler };

export const openClients = (): Clients => ({
  dynamodb: DynamoDBDocumentClient.from(new DynamoDBClient(settings), {
    marshallOptions: { removeUndefinedValues: true },
  }),
  sqs: new SQSClient(settings),
  sockets: openSockets(
    (endpoint) => new ApiGatewayManagementApiClient({ ...settings, endpoint, maxAttempts: 2 }),
  ),
});
