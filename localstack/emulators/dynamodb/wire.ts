import type { AttributeMap } from "dynalite/db/index.js";

/** One write of a transaction; everything else in it is passed on to dynalite as it is. */
export type WriteParams = {
  TableName: string;
  Key?: AttributeMap;
  Item?: AttributeMap;
  ConditionExpression?: string;
  ReturnValuesOnConditionCheckFailure?: string;
};

export type ConsumedCapacity = { TableName: string; CapacityUnits: number };
