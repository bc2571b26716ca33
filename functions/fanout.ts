import { openBatch } from "./parts/batch.ts";
import { outside } from "./parts/parts.ts";
import { serveFanoutQueue } from "./serve/fanout-queue.ts";

const given = outside();

export const handler = openBatch(given, given.config.FANOUT_QUEUE_URL, serveFanoutQueue(given));
