/** An item or a key as it is sent: `{ "pk": { "S": "a" } }`. */
export type AttributeMap = Record<string, Record<string, unknown>>;

export type Expressions = {
  ConditionExpression?: string;
  KeyConditionExpression?: string;
  UpdateExpression?: string;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: AttributeMap;
};

export type Write = Expressions & {
  TableName: string;
  Item?: AttributeMap;
  Key?: AttributeMap;
  ReturnValues?: string;
};

export type Read = Expressions & {
  TableName: string;
  Key: AttributeMap;
  ConsistentRead?: boolean;
  IndexName?: string;
  Limit?: number;
  ScanIndexForward?: boolean;
  ExclusiveStartKey?: AttributeMap;
  Select?: string;
};
