import type { Log } from "../../lib/contracts/log.ts";

const nothing = () => undefined;

/** Writes no lines. */
export const silentLog: Log = {
  info: nothing,
  warn: nothing,
  error: nothing,
  appendKeys: nothing,
  withKeys: (_keys, work) => work(),
};
