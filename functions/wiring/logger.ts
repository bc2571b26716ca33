import { AsyncLocalStorage } from "node:async_hooks";
import { Logger } from "@aws-lambda-powertools/logger";
import type { Log, LogKeys } from "../../lib/contracts/log.ts";

type Level = "info" | "warn" | "error";

type Lines = Record<Level, (text: string, fields: Record<string, unknown>) => void>;

/**
 * Opens a logger that writes JSON lines. Powertools reads level and service name from its own variables. Log keys belong to
 * the running work, not to the logger: messages of a batch run at the same time, and so do invocations in the local stack.
 *
 * @param lines writes the lines
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

/** Gives the log keys of one invocation. Its own id is its correlation id, until a request or message brings another. */
export const invocationKeys = ({ awsRequestId }: { awsRequestId: string }): LogKeys => ({
  function_request_id: awsRequestId,
  correlation_id: awsRequestId,
});
