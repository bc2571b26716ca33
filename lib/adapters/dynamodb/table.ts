import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

/**
 * A table and the client that reaches it. Every function that takes a table rejects with the SDK's error when DynamoDB does not
 * do what it is asked; `isTransient` tells whether it may succeed later. Each function documents its other errors only.
 */
export type Table = {
  client: DynamoDBDocumentClient;
  name: string;
  /** Called for each item of a list that cannot be read: the list goes on without it. */
  onUnreadable?: (item: { pk: string; sk: string }, error: unknown) => void;
};
