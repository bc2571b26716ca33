import { sweep } from "../../lib/services/sweeper/sweep.ts";
import { type Outside, openParts } from "../wiring/platform.ts";

/** Less than the minute until the next sweep. */
const budgetMs = 40_000;

export const serveSweep = (given: Outside) => {
  const { commitOnly: commit, ...parts } = openParts(given);
  return async () => {
    const { swept } = await sweep({ ...parts, commit, budgetMs });
    if (swept > 0) given.logger.info("swept", { swept });
  };
};
