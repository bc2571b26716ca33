import type { TestProject } from "vitest/node";
import { type Stack, startStack } from "../../localstack/own-stack.ts";

declare module "vitest" {
  interface ProvidedContext {
    http: string;
    ws: string;
  }
}

const quick = { SWEEP_SECONDS: "1", LEASE_SECONDS: "6", RETRY_BASE_SECONDS: "0", DATA_DIR: "" };

let own: Stack | undefined;

/** Starts the stack once per run; with E2E_URL and E2E_WS it uses that one. */
export const setup = async (project: TestProject) => {
  const { E2E_URL, E2E_WS } = process.env;
  const given = E2E_URL && E2E_WS ? { url: E2E_URL, ws: E2E_WS } : undefined;
  own = given ? undefined : await startStack(quick);
  const stack = given ?? own;
  project.provide("http", stack?.url ?? "");
  project.provide("ws", stack?.ws ?? "");
};

export const teardown = () => own?.[Symbol.asyncDispose]();
