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
 * Keeps the setting and deletes nothing. On AWS items expire days late: no code may rely on it.
 *
 * @throws ValidationException when the setting is as wanted already
 * @throws ResourceNotFoundException when there is no such table
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

export const describeTimeToLive = async (store: Store, request: { TableName: string }) => {
  const found = await load(store, request.TableName);
  const TimeToLiveDescription = found?.Enabled
    ? { TimeToLiveStatus: "ENABLED", AttributeName: found.AttributeName }
    : { TimeToLiveStatus: "DISABLED" };
  return { TimeToLiveDescription };
};

export const forgetTimeToLive = (store: Store, table: string) => store.db.del(keyOf(table));
