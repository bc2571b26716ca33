import type { APIGatewayProxyEventV2, Context } from "aws-lambda";
import { isTransient } from "../../lib/adapters/errors.ts";
import type { Receipt } from "../../lib/contracts/idempotency.ts";
import { type HandleDeps, handle, type Served } from "../../lib/http/handle.ts";
import { once } from "../../lib/services/commit/run-idempotent.ts";
import { invocationKeys } from "./logger.ts";
import { type Outside, openParts, type Parts } from "./platform.ts";

/** Makes the Lambda handler of one resource's routes. */
export const openHttp = (given: Outside, serveAll: (parts: Parts) => readonly Served[]) => {
  const parts = openParts(given);
  const deps: HandleDeps = {
    once: <R>(receipt: Receipt | undefined, run: () => Promise<R>) => once(parts, receipt, run),
    isTransient,
    newId: given.newId,
    logger: given.logger,
  };
  const handler = handle(deps, serveAll(parts));
  return (event: APIGatewayProxyEventV2, context: Context) =>
    given.logger.withKeys(invocationKeys(context), () => handler(event, context));
};
