import type { Store } from "dynalite/db/index.js";
import { validationError } from "./aws-error.ts";
import { loadTable } from "./tables.ts";

type Specification = { AttributeName: string; Enabled: boolean };

const keyOf = (table: string) => `ttl~${table}`;

const load = async (store: Store, table: string) => {
  await loadTable(store, table);
  return (await store.db.get(keyOf(table))) as Specification | undefined;
};

/**
 * Stores the setting, and deletes nothing. AWS may delete expired items days late, so no code may rely on it.
 *
 * @throws ValidationException when the table has the setting already
 * @throws ResourceNotFoundException when the table does not exist
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
 */
export const updateTimeToLive = async (
  store: Store,
  request: { TableName: string; TimeToLiveSpecification: Specification },
) => {
  const { TableName, TimeToLiveSpecification: wanted } = request;
  const enabled = (await load(store, TableName))?.Enabled ?? false;
  if (enabled === wanted.Enabled)
    throw validationError(`TimeToLive is already ${enabled ? "enabled" : "disabled"}`);
  await store.db.put(keyOf(TableName), wanted);
  return { TimeToLiveSpecification: wanted };
};

/**
 * Gives the setting.
 *
 * @throws ResourceNotFoundException when the table does not exist
 */
export const describeTimeToLive = async (store: Store, request: { TableName: string }) => {
  const found = await load(store, request.TableName);
  const TimeToLiveDescription = found?.Enabled
    ? { TimeToLiveStatus: "ENABLED", AttributeName: found.AttributeName }
    : { TimeToLiveStatus: "DISABLED" };
  return { TimeToLiveDescription };
};

export const forgetTimeToLive = (store: Store, table: string) => store.db.del(keyOf(table));
