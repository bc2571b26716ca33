import { setImmediate as nextTurn } from "node:timers/promises";
import type { AttributeMap, Store, Table } from "dynalite/db/index.js";
import { validationError } from "./aws-error.ts";

/** @throws ResourceNotFoundException when there is no such table, or while it is being created */
export const loadTable = (store: Store, name: string) =>
  new Promise<Table>((resolve, reject) => {
    store.getTable(name, true, (error, table) => (table ? resolve(table) : reject(error)));
  });

const isBeingCreated = (store: Store, name: string) =>
  new Promise<boolean>((resolve) => {
    store.getTable(name, false, (_error, table) => resolve(table?.TableStatus === "CREATING"));
  });

/** Makes a new table active at once. Dynalite does it a moment after its answer. */
export const untilActive = async (store: Store, name: string) => {
  while (await isBeingCreated(store, name)) await nextTurn();
};

/** @throws ValidationException when two operations of a transaction name one item */
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

/** @throws ValidationException when there are no items, or more than 100 */
export const requireTransactionSize = (count: number) => {
  if (count >= 1 && count <= 100) return;
  const limit = count ? "less than or equal to 100" : "greater than or equal to 1";
  throw validationError(
    `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length ${limit}`,
  );
};
