import type { AttributeMap } from "dynalite/db/index.js";

/** One write of a transaction. All other fields go to dynalite as they are. */
export type WriteParams = {
  TableName: string;
  Key?: AttributeMap;
  Item?: AttributeMap;
  ConditionExpression?: string;
  ReturnValuesOnConditionCheckFailure?: string;
};

export type ConsumedCapacity = { TableName: string; CapacityUnits: number };
