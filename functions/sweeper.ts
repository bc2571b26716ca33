import { sweep } from "../lib/services/sweep.ts";
import { openParts, outside } from "./parts/parts.ts";

const given = outside();
const { commitOnly: commit, ...parts } = openParts(given);

/** Less than the minute until the next sweep. */
const budgetMs = 40_000;

export const handler = async () => {
  const { swept } = await sweep({ ...parts, commit, budgetMs });
  if (swept > 0) given.logger.info("swept", { swept });
};
