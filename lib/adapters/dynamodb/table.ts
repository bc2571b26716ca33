import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

/** A table and the client that reaches it. */
export type Table = { client: DynamoDBDocumentClient; name: string };
