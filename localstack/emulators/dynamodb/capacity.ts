import type { ConsumedCapacity } from "./wire.ts";

export type TransactionCapacity = ConsumedCapacity & {
  ReadCapacityUnits?: number;
  WriteCapacityUnits?: number;
};

export const wantsCapacity = (request: { ReturnConsumedCapacity?: string }) =>
  request.ReturnConsumedCapacity === "TOTAL" || request.ReturnConsumedCapacity === "INDEXES";

/** A transaction costs twice the units of its single calls, as one sum per table. Index writes are not counted. */
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
