import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

/** A table and the client that reaches it. `remindMs` says when pending tasks in it are due again. */
export type Table = { client: DynamoDBDocumentClient; name: string; remindMs?: number };
