import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";

/** Keys for a signature that the emulators ask for and do not check. */
const credentials = { accessKeyId: "local", secretAccessKey: "local" };

export type Target = { endpoint: string; region: string };

export const dynamodbClient = (target: Target & Pick<DynamoDBClientConfig, "requestHandler">) =>
  new DynamoDBClient({ ...target, credentials });

export const sqsClient = (target: Target) => new SQSClient({ ...target, credentials });
