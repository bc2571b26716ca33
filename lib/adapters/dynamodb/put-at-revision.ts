import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { isInTransaction } from "../errors.ts";
import type { Table } from "./table.ts";

/** Makes the condition that an item still has the revision `rev`; 0 means that there is no item. */
export const atRevision = (rev: number) =>
  rev === 0
    ? { ConditionExpression: "attribute_not_exists(pk)" }
    : { ConditionExpression: "rev = :rev", ExpressionAttributeValues: { ":rev": rev } };

/**
 * Writes an item in place of the revision from which it was made.
 *
 * @returns false when another process has written it since, or is writing it now; then nothing is written
 */
export const putAtRevision = async (
  table: Table,
  Item: Record<string, unknown>,
  rev: number,
): Promise<boolean> => {
  try {
    await table.client.send(
      new PutCommand({
        TableName: table.name,
        Item,
        .../* guard: heartbeats do not overwrite */ atRevision(rev),
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException || isInTransaction(error)) return false;
    throw error;
  }
};
