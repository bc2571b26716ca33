import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { modelVariables } from "../lib/settings/model-settings.ts";
import { ports, shell } from "./settings.ts";

const START_LIMIT_MS = 60_000;
const KILL_AFTER_MS = 10_000;
const POLL_MS = 100;
const root = join(import.meta.dirname, "..");

export type Stack = {
  url: string;
  ws: string;
  /** Kills all its processes at once, as a power failure would. */
  kill: () => Promise<void>;
} & AsyncDisposable;

/** Empties the variables about models: tests and measurements ask none, even if the shell has keys. */
const noModels = Object.fromEntries(modelVariables.map((name) => [name, ""]));

/** Finds free ports. It holds all of them before it releases the first, so that no two are the same. */
const takeFreePorts = async (count: number) => {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      return server;
    }),
  );
  const taken = servers.map((server) => {
    const address = server.address();
    return typeof address === "object" ? String(address?.port) : "";
  });
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return taken;
};

/** Reads the body: serverless-offline answers 200 even for a function that cannot be loaded. */
const isHealthy = async (url: string): Promise<boolean> => {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    const body = (await response.json()) as { status?: string };
    return body.status === "healthy";
  } catch {
    return false;
  }
};

const becomesHealthy = async (url: string, child: ChildProcess) => {
  const deadline = Date.now() + START_LIMIT_MS;
  while (Date.now() < deadline && child.exitCode === null) {
    if (await isHealthy(url)) return true;
    await delay(POLL_MS);
  }
  return false;
};

const stop = async (child: ChildProcess) => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  const late = setTimeout(() => child.kill("SIGKILL"), KILL_AFTER_MS);
  child.kill("SIGTERM");
  await exited;
  clearTimeout(late);
};

/** Kills the child and its children: a negative id names the whole process group. */
const killGroup = async (child: ChildProcess) => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  process.kill(-(child.pid ?? 0), "SIGKILL");
  await exited;
};

/**
 * Starts a stack on free ports, as `npm run dev` does, for the bench and the tests.
 *
 * @param variables environment variables, set over those of the shell; the shell's variables about models are left out
 * @throws Error with the stack's output when it is not healthy within 60 s
 */
export const startStack = async (variables: Record<string, string>): Promise<Stack> => {
  const names = Object.values(ports).map(({ variable }) => variable);
  const free = await takeFreePorts(names.length);
  const env = Object.fromEntries(names.map((name, index) => [name, free[index]]));
  const child = spawn(process.execPath, ["localstack/commands/dev.ts"], {
    cwd: root,
    env: { ...shell(), ...noModels, ...env, ...variables },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => output.push(chunk.toString()));
  const url = `http://127.0.0.1:${env.HTTP_PORT}`;
  if (!(await becomesHealthy(`${url}/health`, child))) {
    await stop(child);
    throw new Error(`The stack did not start:\n${output.join("")}`);
  }
  const ws = `ws://127.0.0.1:${env.WS_PORT}`;
  const kill = () => killGroup(child);
  return { url, ws, kill, [Symbol.asyncDispose]: () => stop(child) };
};
