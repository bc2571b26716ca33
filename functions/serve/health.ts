import {
  oldestAgeSeconds,
  probeQueue,
  probeSockets,
  probeTable,
} from "../../lib/adapters/probes.ts";
import { serve } from "../../lib/http/handle.ts";
import * as routes from "../../lib/http/routes/health.ts";
import { detailedHealth, type HealthDeps, readiness } from "../../lib/services/health.ts";
import type { Outside } from "../parts/parts.ts";

const probesOf = ({ config, clients, clock }: Outside): HealthDeps["probes"] => {
  const table = { client: clients.dynamodb, name: config.TABLE_NAME };
  const queue = { client: clients.sqs, url: config.TASK_QUEUE_URL };
  const deadLetters = { client: clients.sqs, url: config.TASK_DLQ_URL };
  return {
    database: async (signal) => {
      await probeTable(table, signal);
      return { message: "The table answers." };
    },
    task_queue: async (signal) => {
      const [found, oldest_message_age_seconds] = await Promise.all([
        probeQueue(queue, deadLetters, signal),
        oldestAgeSeconds(table, clock.now()).catch(() => null),
      ]);
      const details = { ...found, oldest_message_age_seconds };
      return found.dead_letters > 0
        ? { status: "degraded", message: "Some messages could not be handled.", details }
        : { message: "The queue answers.", details };
    },
    websocket: async (signal) => {
      await probeSockets(clients.sockets.clientFor(config.WEBSOCKET_ENDPOINT), signal);
      return { message: "The socket gateway answers." };
    },
    llm_providers: async () => ({
      message: "No model provider is configured: the offline agents do the work.",
      details: { providers: [], agents: "offline" },
    }),
  };
};

/** The health routes probe the parts themselves, not the use cases. */
export const serveHealth = (given: Outside) => () => {
  const { clock, logger } = given;
  const deps: HealthDeps = {
    ...clock,
    probes: probesOf(given),
    onError: (component, error) =>
      logger.warn("component down", { component, error: error as Error }),
  };
  return [
    serve(routes.healthRoute, async () => ({
      status: "healthy" as const,
      timestamp: clock.now().toISOString(),
    })),
    serve(routes.detailedHealthRoute, () => detailedHealth(deps)),
    serve(routes.healthzRoute, () => detailedHealth(deps)),
    serve(routes.readinessRoute, () => readiness(deps)),
  ];
};
