import type { Store } from "dynalite/db/index.js";
import { toLowerFirst } from "dynalite/validations/index.js";
import { unknownOperation } from "./aws-error.ts";
import { createGate } from "./gate.ts";
import { rememberTokens } from "./idempotency.ts";
import { prepare } from "./prepare.ts";
import { singleWrite } from "./single-write.ts";
import { untilActive } from "./tables.ts";
import { describeTimeToLive, forgetTimeToLive, updateTimeToLive } from "./time-to-live.ts";
import { type TransactGetRequest, transactGet } from "./transact-get.ts";
import { type TransactWriteRequest, transactWrite } from "./transact-write.ts";
import type { WriteParams } from "./wire.ts";

/** Operations that need nothing beside dynalite. */
const plain = [
  "BatchGetItem",
  "BatchWriteItem",
  "DescribeTable",
  "GetItem",
  "ListTables",
  "ListTagsOfResource",
  "Query",
  "Scan",
  "TagResource",
  "UntagResource",
  "UpdateTable",
];

/** An operation. It checks its request, which may be any JSON. */
type Operation = (request: never) => Promise<unknown>;

/** Maps the names of DynamoDB's operations to functions that answer them. */
export const createOperations = (store: Store): Map<string, Operation> => {
  const gate = createGate();
  const transactions = { store, gate, tokens: rememberTokens() };
  const run = async (name: string, request: object) => {
    const action = prepare(store, toLowerFirst(name), request);
    return gate.shared(() => action());
  };
  const write = (name: string) => (request: WriteParams) =>
    singleWrite(store, gate, toLowerFirst(name), request);
  const createTable = async (request: { TableName: string }) => {
    const answer = await run("CreateTable", request);
    await untilActive(store, request.TableName);
    return answer;
  };
  const deleteTable = async (request: { TableName: string }) => {
    const answer = await run("DeleteTable", request);
    await forgetTimeToLive(store, request.TableName);
    return answer;
  };
  return new Map<string, Operation>([
    ...plain.map((name) => [name, (request: object) => run(name, request)] as const),
    ...["PutItem", "UpdateItem", "DeleteItem"].map((name) => [name, write(name)] as const),
    ["CreateTable", createTable],
    ["DeleteTable", deleteTable],
    ["UpdateTimeToLive", (request: never) => updateTimeToLive(store, request)],
    ["DescribeTimeToLive", (request: never) => describeTimeToLive(store, request)],
    ["TransactWriteItems", (request: TransactWriteRequest) => transactWrite(transactions, request)],
    ["TransactGetItems", (request: TransactGetRequest) => transactGet(transactions, request)],
  ]);
};

/**
 * Finds the operation that a request's target names.
 *
 * @throws UnknownOperationException when it does not exist
 */
export const findOperation = (operations: Map<string, Operation>, target: unknown) => {
  const operation = operations.get(String(target).split(".")[1] ?? "");
  if (!operation) throw unknownOperation();
  return operation;
};
