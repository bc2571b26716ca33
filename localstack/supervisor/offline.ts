import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";

const KILL_AFTER_MS = 2_500;
const root = join(import.meta.dirname, "../..");
const serverless = createRequire(import.meta.url).resolve("serverless/bin/serverless.js");

/** Whether a line is of serverless-offline's table of routes, or empty. */
const isChatter = (line: string) => /^\s*([┌│└].*)?$/.test(line);

const launch = (env: NodeJS.ProcessEnv) => {
  const child = spawn(process.execPath, [serverless, "offline", "start"], {
    cwd: root,
    env: { ...env, SUPERVISOR_PID: String(process.pid) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (!isChatter(line)) process.stdout.write(`${line}\n`);
  });
  return child;
};

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

const end = async (child: ChildProcess) => {
  if (hasEnded(child)) return;
  const exit = once(child, "exit");
  const late = setTimeout(() => child.kill("SIGKILL"), KILL_AFTER_MS);
  child.kill("SIGTERM");
  await exit;
  clearTimeout(late);
};

/**
 * Runs serverless-offline in a child process.
 *
 * @param onCrash called when the child ends and `stop` was not called
 */
export const superviseOffline = (env: NodeJS.ProcessEnv, onCrash: () => void) => {
  let child: ChildProcess | undefined;
  const start = () => {
    const started = launch(env);
    child = started;
    started.once("exit", () => {
      if (child === started) onCrash();
    });
  };
  /** Resolves when the process is gone and its ports are free. */
  const stop = async () => {
    const ending = child;
    child = undefined;
    if (ending) await end(ending);
  };
  return { start, stop, hasEnded: () => !child || hasEnded(child) };
};
