import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { Breaker } from "../../domain/budget/breaker.ts";
import { keys } from "./keys.ts";
import { putAtRevision } from "./put-at-revision.ts";
import type { Table } from "./table.ts";

/** Null when nothing ever had to be kept of this provider. */
export const loadBreaker = async (table: Table, provider: string): Promise<Breaker | null> => {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: keys.provider(provider), ConsistentRead: true }),
  );
  return Item ? Breaker.parse(Item) : null;
};

/** Replaces only the revision it was made from. Gives what was written, or null when somebody was faster. */
export const saveBreaker = async (table: Table, breaker: Breaker): Promise<Breaker | null> => {
  const saved = { ...breaker, rev: breaker.rev + 1 };
  const item = { ...keys.provider(breaker.provider), ...saved };
  return (await putAtRevision(table, item, breaker.rev)) ? saved : null;
};
