import { FanoutMessage } from "../lib/contracts/queue-messages.ts";
import { serveFanoutQueue } from "./bindings/fanout-queue.ts";
import { openBatch } from "./wiring/batch.ts";
import { outside } from "./wiring/platform.ts";

const given = outside();

export const handler = openBatch(given, {
  queueUrl: given.config.FANOUT_QUEUE_URL,
  schema: FanoutMessage,
  handle: serveFanoutQueue(given),
});
