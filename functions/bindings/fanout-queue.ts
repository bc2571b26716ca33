import type { FanoutMessage } from "../../lib/contracts/queue-messages.ts";
import { fanOut } from "../../lib/services/sockets/fan-out.ts";
import { type Outside, openParts } from "../wiring/platform.ts";

/** Handles one message of the fan-out queue. */
export const serveFanoutQueue = (given: Outside) => {
  const parts = openParts(given);
  return (message: FanoutMessage) => fanOut(parts, message);
};
