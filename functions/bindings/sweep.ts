import type { Context } from "aws-lambda";
import { type SweepDeps, sweep } from "../../lib/services/sweeper/sweep.ts";
import { invocationKeys } from "../wiring/logger.ts";
import { type Outside, openParts } from "../wiring/platform.ts";

/** Less than the minute until the next sweep. */
const budgetMs = 40_000;

export const serveSweep = (given: Outside) => {
  const { commitOnly: commit, ...parts } = openParts(given);
  const { logger } = given;
  const onError: SweepDeps["onError"] = (error, item) =>
    logger.error("sweep failed", {
      kind: item?.kind,
      ...(item && "id" in item && { id: item.id }),
      error: error as Error,
    });
  const deps: SweepDeps = { ...parts, commit, onError, budgetMs };
  return (_event: unknown, context: Pick<Context, "awsRequestId">): Promise<void> =>
    logger.withKeys(invocationKeys(context), async () => {
      const { swept } = await sweep(deps, context.awsRequestId);
      if (swept > 0) logger.info("swept", { swept });
    });
};
