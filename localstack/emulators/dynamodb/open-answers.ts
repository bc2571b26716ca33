import type { Store } from "dynalite/db/index.js";
import { isAwsError, serializationError } from "./aws-error.ts";
import { createOperations, findOperation } from "./operations.ts";

const parse = (body: Buffer): never => {
  try {
    return JSON.parse(body.toString("utf8")) as never;
  } catch {
    throw serializationError();
  }
};

const failure = (error: unknown) => {
  if (isAwsError(error)) return { status: error.statusCode, answer: error.body };
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`dynamodb: ${message}\n`);
  return { status: 500, answer: { __type: "InternalServerError", message } };
};

export type EmulatorResponse = { status: number; answer: unknown };

/** Opens a function that answers requests as DynamoDB does: `target` names the operation, `body` is its JSON. */
export const openAnswers = (store: Store) => {
  const operations = createOperations(store);
  return async (target: unknown, body: Buffer): Promise<EmulatorResponse> => {
    try {
      return { status: 200, answer: await findOperation(operations, target)(parse(body)) };
    } catch (error) {
      return failure(error);
    }
  };
};
