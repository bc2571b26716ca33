import { agentModels } from "../lib/catalog/load.ts";
import { TaskMessage } from "../lib/contracts/queue-messages.ts";
import { refuseSilentOffline } from "../lib/settings/config.ts";
import { serveTaskQueue } from "./bindings/task-queue.ts";
import { openBatch } from "./wiring/batch.ts";
import { outside } from "./wiring/platform.ts";

/** A worker has minutes: its commits try for 30 s before they stop retrying. */
const given = outside({ patienceMs: 30_000 });

refuseSilentOffline(given.models, agentModels);

export const handler = openBatch(given, {
  queueUrl: given.config.TASK_QUEUE_URL,
  schema: TaskMessage,
  handle: serveTaskQueue(given),
});
