import type { Context } from "aws-lambda";
import { type SweepDeps, sweep } from "../../lib/services/sweeper/sweep.ts";
import { invocationKeys } from "../wiring/logger.ts";
import { openDependencies, type Platform } from "../wiring/platform.ts";

/** Milliseconds for which a sweep takes new work: less than the minute until the next sweep. */
const budgetMs = 40_000;

export const serveSweep = (platform: Platform) => {
  const { commitOnly: commit, ...deps } = openDependencies(platform);
  const { logger } = platform;
  const onError: SweepDeps["onError"] = (error, item) =>
    logger.error("sweep failed", {
      kind: item?.kind,
      ...(item && "id" in item && { id: item.id }),
      error: error as Error,
    });
  const sweepDeps: SweepDeps = { ...deps, commit, onError, budgetMs };
  return (_event: unknown, context: Pick<Context, "awsRequestId">): Promise<void> =>
    logger.withKeys(invocationKeys(context), async () => {
      const { swept } = await sweep(sweepDeps, context.awsRequestId);
      if (swept > 0) logger.info("swept", { swept });
    });
};
