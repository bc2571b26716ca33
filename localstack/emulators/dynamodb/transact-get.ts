import type { AttributeMap, Store } from "dynalite/db/index.js";
import { addUp, type TransactionCapacity, wantsCapacity } from "./capacity.ts";
import type { Gate } from "./gate.ts";
import { prepare } from "./prepare.ts";
import { requireDistinctItems, requireTransactionSize } from "./tables.ts";
import type { ConsumedCapacity } from "./wire.ts";

export type TransactGetRequest = {
  TransactItems?: { Get: { TableName: string; Key: AttributeMap } }[];
  ReturnConsumedCapacity?: string;
};

type FoundItem = { Item?: AttributeMap; ConsumedCapacity: ConsumedCapacity };

/**
 * Reads all items while no write runs.
 *
 * @throws ValidationException when there are no items, more than 100, or one item twice
 * @throws ResourceNotFoundException when a table does not exist
 */
export const transactGet = async (
  { store, gate }: { store: Store; gate: Gate },
  request: TransactGetRequest,
): Promise<{ Responses: object[]; ConsumedCapacity?: TransactionCapacity[] }> => {
  const gets = (request.TransactItems ?? []).map(({ Get }) => Get);
  requireTransactionSize(gets.length);
  const runs = gets.map((get) =>
    prepare(store, "getItem", { ...get, ConsistentRead: true, ReturnConsumedCapacity: "TOTAL" }),
  );
  return gate.alone(async () => {
    await requireDistinctItems(store, gets);
    const found: FoundItem[] = [];
    for (const run of runs) found.push((await run()) as FoundItem);
    const Responses = found.map(({ Item }) => (Item ? { Item } : {}));
    if (!wantsCapacity(request)) return { Responses };
    const spent = found.map(({ ConsumedCapacity }) => ConsumedCapacity);
    return { Responses, ConsumedCapacity: addUp(spent, "read") };
  });
};
