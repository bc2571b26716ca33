import { setImmediate as nextTurn } from "node:timers/promises";
import type { AttributeMap, Store, Table } from "dynalite/db/index.js";
import { validationError } from "./aws-error.ts";

/**
 * Loads a table's description.
 *
 * @throws ResourceNotFoundException when the table does not exist, or is still being created
 */
export const loadTable = (store: Store, name: string) =>
  new Promise<Table>((resolve, reject) => {
    store.getTable(name, true, (error, table) => (table ? resolve(table) : reject(error)));
  });

const isBeingCreated = (store: Store, name: string) =>
  new Promise<boolean>((resolve) => {
    store.getTable(name, false, (_error, table) => resolve(table?.TableStatus === "CREATING"));
  });

/** Waits until a new table is active. Dynalite makes it active shortly after its response. */
export const untilActive = async (store: Store, name: string) => {
  while (await isBeingCreated(store, name)) await nextTurn();
};

/**
 * Checks that the operations of a transaction name different items.
 *
 * @throws ValidationException when two of them name the same item
 */
export const requireDistinctItems = async (
  store: Store,
  operations: readonly { TableName: string; Key?: AttributeMap; Item?: AttributeMap }[],
) => {
  const seen = new Set<string>();
  for (const { TableName, Key, Item } of operations) {
    const { KeySchema } = await loadTable(store, TableName);
    const key = KeySchema.map(({ AttributeName }) => (Key ?? Item)?.[AttributeName]);
    seen.add(JSON.stringify([TableName, key]));
  }
  if (seen.size < operations.length)
    throw validationError("Transaction request cannot include multiple operations on one item");
};

/**
 * Checks the number of items in a transaction.
 *
 * @throws ValidationException when there are none, or more than 100
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
export const requireTransactionSize = (count: number) => {
  if (count >= 1 && count <= 100) return;
  const limit = count ? "less than or equal to 100" : "greater than or equal to 1";
  throw validationError(
    `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length ${limit}`,
  );
};
