import { FanoutMessage } from "../lib/contracts/queue-messages.ts";
import { serveFanoutQueue } from "./bindings/fanout-queue.ts";
import { openBatch } from "./wiring/batch.ts";
import { openPlatform } from "./wiring/platform.ts";

const platform = openPlatform();

export const handler = openBatch(platform, {
  queueUrl: platform.config.FANOUT_QUEUE_URL,
  schema: FanoutMessage,
  handle: serveFanoutQueue(platform),
});
