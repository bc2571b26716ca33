import { openBatch } from "./parts/batch.ts";
import { outside } from "./parts/parts.ts";
import { serveTaskQueue } from "./serve/task-queue.ts";

const given = outside();

export const handler = openBatch(given, serveTaskQueue(given));
