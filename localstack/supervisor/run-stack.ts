import { childEnvironment, type Settings } from "../settings.ts";
import { banner } from "./banner.ts";
import { startNeededEmulators } from "./emulators.ts";
import { requireFreePorts } from "./free-ports.ts";
import { waitForHealth } from "./health.ts";
import { superviseOffline } from "./offline.ts";
import { onShutdown } from "./shutdown.ts";
import { watchSources } from "./watch.ts";

const print = (line: string) => void process.stdout.write(`${line}\n`);
const stopwatch = () => {
  const start = performance.now();
  return () => ((performance.now() - start) / 1000).toFixed(1);
};

const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 15_000;

const watched = { trees: ["deploy", "functions", "lib", "web"], files: ["serverless.yml"] };

/** Restarts serverless-offline at each change, and when it crashed after it was healthy. One start runs at a time. */
const keepRunning = (env: NodeJS.ProcessEnv, healthUrl: string) => {
  let healthy = false;
  let stopped = false;
  let last: Promise<unknown> = Promise.resolve();
  const offline = superviseOffline(env, () => {
    if (healthy) void recover("serverless-offline has crashed", 0);
  });
  const start = async () => {
    healthy = false;
    await offline.stop();
    if (stopped) return "stopped";
    offline.start();
    const problem = await waitForHealth(healthUrl, offline.hasEnded);
    healthy = problem === undefined;
    return problem;
  };
  const oneAtATime = (work: () => Promise<void>) => {
    last = last.then(() => (stopped ? undefined : work()));
    return last;
  };
  const tryToReload = async (why: string) => {
    print(`${why}, reloading`);
    const seconds = stopwatch();
    const problem = await start();
    if (!problem) print(`reloaded in ${seconds()} s`);
    return stopped ? undefined : problem;
  };
  const reload = (why: string) =>
    oneAtATime(async () => {
      const problem = await tryToReload(why);
      if (problem) print(`${problem}. The next change reloads.`);
    });
  /** Restarts after a crash, with longer and longer pauses, until a start succeeds. */
  const recover = (why: string, failures: number): Promise<unknown> =>
    oneAtATime(async () => {
      const problem = healthy ? undefined : await tryToReload(why);
      if (!problem) return;
      const wait = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures);
      setTimeout(() => void recover(problem, failures + 1), wait).unref();
    });
  const stop = () => {
    stopped = true;
    return offline.stop();
  };
  return { start, reload, stop };
};

/**
 * Runs the whole stack on this machine until a signal. The emulators run in this process, so that their data outlive reloads;
 * serverless-offline runs in a child process.
 *
 * @throws Error when a port is taken, or another process uses the data directory
 */
export const runStack = async (settings: Settings) => {
  const seconds = stopwatch();
  await requireFreePorts(settings, ["http", "ws", "lambda"]);
  const emulators = await startNeededEmulators(settings);
  const env = childEnvironment({ region: settings.region, ...emulators });
  const stack = keepRunning(env, `http://127.0.0.1:${settings.ports.http}/health`);
  const shutDown = onShutdown(async () => {
    await stack.stop();
    await emulators[Symbol.asyncDispose]();
  });
  const problem = await stack.start();
  if (problem) {
    process.stderr.write(`The stack did not start: ${problem}\n`);
    return shutDown(1);
  }
  print(banner(settings, emulators, seconds()));
  watchSources(watched, (file) => void stack.reload(`${file} has changed`));
};
