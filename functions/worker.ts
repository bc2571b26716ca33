import { agentModels } from "../lib/catalog/load.ts";
import { TaskMessage } from "../lib/contracts/queue-messages.ts";
import { refuseSilentOffline } from "../lib/settings/config.ts";
import { serveTaskQueue } from "./bindings/task-queue.ts";
import { openBatch } from "./wiring/batch.ts";
import { openPlatform } from "./wiring/platform.ts";

/** A worker has minutes, so its commits retry for 30 s. */
const platform = openPlatform({ patienceMs: 30_000 });

refuseSilentOffline(platform.models, agentModels);

export const handler = openBatch(platform, {
  queueUrl: platform.config.TASK_QUEUE_URL,
  schema: TaskMessage,
  handle: serveTaskQueue(platform),
});
