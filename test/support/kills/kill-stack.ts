import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Stack, startStack } from "../../../localstack/own-stack.ts";
import { randomOf } from "../random.ts";
import { checkLogs } from "./check-logs.ts";
import { runCrowd } from "./crowd.ts";

type Options = {
  kills: number;
  projects: number;
  seed: number;
  log: (line: string) => void;
};

const maxLifeMs = 1_500;

/**
 * Kills the whole local stack at random moments under load, again and again, and starts it on the same data.
 *
 * @returns what does not hold in the end, and how long it took until all projects were finished
 */
export const killStack = async ({ kills, projects, seed, log }: Options): Promise<string[]> => {
  const random = randomOf(seed);
  const directory = await mkdtemp(join(tmpdir(), "botarmy-"));
  const start = () =>
    startStack({
      DATA_DIR: directory,
      SWEEP_SECONDS: "1",
      LEASE_SECONDS: "3",
      RETRY_BASE_SECONDS: "0.2",
      LOG_LEVEL: "SILENT",
    });
  let stack: Stack | undefined = await start();
  try {
    const crowd = runCrowd(() => stack?.url, projects);
    for (let kill = 1; kill <= kills; kill += 1) {
      const lifeMs = Math.round(random() * maxLifeMs);
      await delay(lifeMs);
      const dying: Stack | undefined = stack;
      stack = undefined;
      await dying?.kill();
      log(`kill ${kill} of ${kills}, after ${lifeMs} ms`);
      stack = await start();
    }
    const told = await crowd;
    const problems = await checkLogs(stack?.url ?? "", told);
    log(`${told.length} projects are over`);
    return problems;
  } finally {
    await stack?.[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
  }
};
