import type { ConsumedCapacity } from "./wire.ts";

export type TransactionCapacity = ConsumedCapacity & {
  ReadCapacityUnits?: number;
  WriteCapacityUnits?: number;
};

export const wantsCapacity = (request: { ReturnConsumedCapacity?: string }) =>
  request.ReturnConsumedCapacity === "TOTAL" || request.ReturnConsumedCapacity === "INDEXES";

/** Adds up the capacity of a transaction: twice the units of its single calls, one sum per table, without index writes. */
export const addUp = (
  single: readonly (ConsumedCapacity | undefined)[],
  direction: "read" | "write",
): TransactionCapacity[] => {
  const units = new Map<string, number>();
  for (const call of single)
    if (call) units.set(call.TableName, (units.get(call.TableName) ?? 0) + 2 * call.CapacityUnits);
  const field = direction === "read" ? "ReadCapacityUnits" : "WriteCapacityUnits";
  return [...units].map(([TableName, sum]) => ({ TableName, CapacityUnits: sum, [field]: sum }));
};
