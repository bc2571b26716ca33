import type { AttributeMap } from "dynalite/db/index.js";

/** The parameters of a write that are used here. All others are passed to dynalite. */
export type WriteParams = {
  TableName: string;
  Key?: AttributeMap;
  Item?: AttributeMap;
  ConditionExpression?: string;
  ReturnValuesOnConditionCheckFailure?: string;
};

export type ConsumedCapacity = { TableName: string; CapacityUnits: number };
