import type { FanoutMessage } from "../../lib/contracts/queue-messages.ts";
import { fanOut } from "../../lib/services/sockets/fan-out.ts";
import { openDependencies, type Platform } from "../wiring/platform.ts";

/** Handles one message of the fan-out queue. */
export const serveFanoutQueue = (platform: Platform) => {
  const deps = openDependencies(platform);
  return (message: FanoutMessage) => fanOut(deps, message);
};
