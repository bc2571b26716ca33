import { openBatch } from "./parts/batch.ts";
import { outside } from "./parts/parts.ts";
import { serveTaskQueue } from "./serve/task-queue.ts";

/** A worker has minutes: it does not give up an attempt for a crowd. */
const given = outside({ patienceMs: 30_000 });

export const handler = openBatch(given, given.config.TASK_QUEUE_URL, serveTaskQueue(given));
