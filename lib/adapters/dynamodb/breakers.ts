import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { Breaker } from "../../domain/budget/breaker.ts";
import { keys } from "./keys.ts";
import { putAtRevision } from "./put-at-revision.ts";
import type { Table } from "./table.ts";

/**
 * Loads the breaker of a provider; null when it was never written.
 *
 * @throws ZodError when the stored breaker does not have the shape of this version of the code
 */
export const loadBreaker = async (table: Table, provider: string): Promise<Breaker | null> => {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: keys.provider(provider), ConsistentRead: true }),
  );
  return Item ? Breaker.parse(Item) : null;
};

/**
 * Writes a breaker in place of the revision from which it was made. Gives the written breaker, or null when another process
 * was faster.
 */
export const saveBreaker = async (table: Table, breaker: Breaker): Promise<Breaker | null> => {
  const saved = { ...breaker, rev: breaker.rev + 1 };
  const item = { ...keys.provider(breaker.provider), ...saved };
  return (await putAtRevision(table, item, breaker.rev)) ? saved : null;
};
