import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Table } from "../../lib/adapters/dynamodb/table.ts";
import { dynamodbClient } from "../../localstack/emulators/clients.ts";
import { readSettings } from "../../localstack/settings.ts";

/** Opens the table of a deployed stage; without one, that of the local stack. */
export const openTable = (stage: string | undefined): Table => {
  const { region, dynamodbEndpoint, ports } = readSettings();
  const local = dynamodbEndpoint ?? `http://127.0.0.1:${ports.dynamodb}`;
  const raw =
    stage && !dynamodbEndpoint
      ? new DynamoDBClient({ region })
      : dynamodbClient({ region, endpoint: local });
  return { client: DynamoDBDocumentClient.from(raw), name: `botarmy-${stage ?? "dev"}` };
};
