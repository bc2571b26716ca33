import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    http: string;
    ws: string;
  }
}

const startTimeoutMs = 60_000;
const stopTimeoutMs = 10_000;
const ports = ["HTTP_PORT", "WS_PORT", "LAMBDA_PORT", "DYNAMODB_PORT", "SQS_PORT"] as const;

let running: ChildProcess | undefined;

/** Starts the stack once per run, as `npm run dev` does; with E2E_URL and E2E_WS it uses that one. */
export const setup = async (project: TestProject) => {
  const { E2E_URL, E2E_WS } = process.env;
  const { http, ws } = E2E_URL && E2E_WS ? { http: E2E_URL, ws: E2E_WS } : await start();
  project.provide("http", http);
  project.provide("ws", ws);
};

export const teardown = async () => {
  if (!running || running.exitCode !== null) return;
  const exited = once(running, "exit");
  running.kill("SIGTERM");
  const late = setTimeout(() => running?.kill("SIGKILL"), stopTimeoutMs);
  await exited;
  clearTimeout(late);
};

const start = async () => {
  const env = Object.fromEntries(await freePorts());
  const child = spawn(process.execPath, ["localstack/dev.ts"], {
    cwd: join(import.meta.dirname, "../.."),
    env: {
      ...process.env,
      ...env,
      SWEEP_SECONDS: "1",
      LEASE_SECONDS: "3",
      RETRY_BASE_SECONDS: "0",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running = child;
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => output.push(chunk.toString()));
  const http = `http://127.0.0.1:${env.HTTP_PORT}`;
  if (!(await answers(`${http}/health`, child))) {
    await teardown();
    throw new Error(`The stack did not come up:\n${output.join("")}`);
  }
  return { http, ws: `ws://127.0.0.1:${env.WS_PORT}` };
};

/** Takes all ports before it gives any back, so that no two are the same. */
const freePorts = async () => {
  const servers = await Promise.all(
    ports.map(async () => {
      const server = createServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      return server;
    }),
  );
  const taken = servers.map((server, index) => {
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    return [ports[index], String(port)] as const;
  });
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return taken;
};

const answers = async (url: string, child: ChildProcess) => {
  const deadline = Date.now() + startTimeoutMs;
  while (Date.now() < deadline && child.exitCode === null) {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
    if (response?.status === 200) return true;
    await delay(100);
  }
  return false;
};
