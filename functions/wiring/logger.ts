import { AsyncLocalStorage } from "node:async_hooks";
import { Logger } from "@aws-lambda-powertools/logger";
import type { Log, LogKeys } from "../../lib/contracts/log.ts";

type Level = "info" | "warn" | "error";

type Lines = Record<Level, (text: string, fields: Record<string, unknown>) => void>;

/**
 * Opens a logger that writes JSON lines. Powertools reads level and service name from its own variables. The keys belong to the work that
 * is running, not to the logger: messages of a batch, and in the local stack invocations, run at the same time.
 *
 * @param lines where the lines go
 */
export const openLogger = (lines: Lines = new Logger()): Log => {
  const scopes = new AsyncLocalStorage<LogKeys>();
  const write =
    (level: Level): Log["info"] =>
    (text, fields = {}) =>
      lines[level](text, { ...scopes.getStore(), ...fields });
  return {
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
    withKeys: (keys, work) => scopes.run({ ...scopes.getStore(), ...keys }, work),
    appendKeys: (keys) => {
      Object.assign(scopes.getStore() ?? {}, keys);
    },
  };
};

/** The keys of one invocation: what it does by itself is found by its own id. */
export const invocationKeys = ({ awsRequestId }: { awsRequestId: string }): LogKeys => ({
  function_request_id: awsRequestId,
  correlation_id: awsRequestId,
});
