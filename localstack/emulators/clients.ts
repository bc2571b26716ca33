import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";

/** Keys for the signature: the emulators require one, but do not check it. */
const credentials = { accessKeyId: "local", secretAccessKey: "local" };

export type Target = { endpoint: string; region: string };

export const dynamodbClient = (target: Target & Pick<DynamoDBClientConfig, "requestHandler">) =>
  new DynamoDBClient({ ...target, credentials });

export const sqsClient = (target: Target) => new SQSClient({ ...target, credentials });
