import type { APIGatewayProxyEventV2, Context } from "aws-lambda";
import { isTransient } from "../../lib/adapters/errors.ts";
import { type HandleDeps, handle } from "../../lib/http/handle.ts";
import type { Served } from "../../lib/http/serve.ts";
import { runBatch, runCommand } from "../../lib/services/commit/run-command.ts";
import { invocationKeys } from "./logger.ts";
import { type Outside, openParts, type Parts } from "./platform.ts";

/** Makes the Lambda handler of one resource's routes. */
export const openHttp = (given: Outside, serveAll: (parts: Parts) => readonly Served[]) => {
  const parts = openParts(given);
  const deps: HandleDeps = {
    authenticate: given.authenticate,
    runCommand: (run) => runCommand(parts, run),
    runBatch: (run) => runBatch(parts, run),
    isTransient,
    newId: given.newId,
    logger: given.logger,
  };
  const handler = handle(deps, serveAll(parts));
  return (event: APIGatewayProxyEventV2, context: Context) =>
    given.logger.withKeys(invocationKeys(context), () => handler(event, context));
};
