import type { APIGatewayProxyEventV2, Context } from "aws-lambda";
import { isTransient } from "../../lib/adapters/errors.ts";
import { type HandleDeps, handle } from "../../lib/http/handle.ts";
import type { Served } from "../../lib/http/serve.ts";
import { runBatch, runCommand } from "../../lib/services/commit/run-command.ts";
import { invocationKeys } from "./logger.ts";
import { type Dependencies, openDependencies, type Platform } from "./platform.ts";

/** Makes the Lambda handler for the routes of one resource. */
export const openHttp = (
  platform: Platform,
  serveAll: (deps: Dependencies) => readonly Served[],
) => {
  const deps = openDependencies(platform);
  const handleDeps: HandleDeps = {
    authenticate: platform.authenticate,
    runCommand: (run) => runCommand(deps, run),
    runBatch: (run) => runBatch(deps, run),
    isTransient,
    newId: platform.newId,
    logger: platform.logger,
  };
  const handler = handle(handleDeps, serveAll(deps));
  return (event: APIGatewayProxyEventV2, context: Context) =>
    platform.logger.withKeys(invocationKeys(context), () => handler(event, context));
};
