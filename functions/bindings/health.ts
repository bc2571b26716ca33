import { loadBreaker } from "../../lib/adapters/dynamodb/breakers.ts";
import { probeProvider } from "../../lib/adapters/probe-provider.ts";
import {
  oldestAgeSeconds,
  probeQueue,
  probeSockets,
  probeTable,
} from "../../lib/adapters/probes.ts";
import { probeMcpServer } from "../../lib/agents/mcp/probe-server.ts";
import { agentModels } from "../../lib/catalog/load.ts";
import * as routes from "../../lib/http/routes/health.ts";
import { serve } from "../../lib/http/serve.ts";
import {
  detailedHealth,
  type HealthDeps,
  readiness,
} from "../../lib/services/operations/health.ts";
import { openMcpHealth } from "../../lib/services/operations/mcp-health.ts";
import { openProviderHealth } from "../../lib/services/operations/provider-health.ts";
import { withoutSecrets } from "../../lib/settings/mcp-servers.ts";
import { chainOf, describeModel, type Models, offline } from "../../lib/settings/providers.ts";
import type { Platform } from "../wiring/platform.ts";

type Probes = HealthDeps["probes"];
type OnError = HealthDeps["onError"];

/** Gives the first choice of each agent: `provider/model`, or `offline`. */
const firstModels = (models: Models): Record<string, string> =>
  Object.fromEntries(
    Object.entries(agentModels).map(([agent, preference]) => {
      const [first] = chainOf(models, agent, preference);
      return [agent, first ? describeModel(first) : offline];
    }),
  );

const probeModels = ({ config, models, clients, clock }: Platform, onError: OnError) =>
  openProviderHealth({
    ...clock,
    providers: models.providers,
    agents: firstModels(models),
    probe: probeProvider,
    loadBreaker: (name) => loadBreaker({ client: clients.dynamodb, name: config.TABLE_NAME }, name),
    onError,
  });

const probeMcp = ({ config, models, clients, clock }: Platform, onError: OnError) =>
  openMcpHealth({
    ...clock,
    servers: Object.keys(models.mcpServers),
    probe: async (name, signal) => {
      const server = models.mcpServers[name];
      if (!server) throw new Error(`There is no MCP server ${name}.`);
      const probed = await probeMcpServer(server, signal);
      return "said" in probed ? { ...probed, said: withoutSecrets(probed.said, server) } : probed;
    },
    loadUse: (name) =>
      loadBreaker({ client: clients.dynamodb, name: config.TABLE_NAME }, `mcp:${name}`),
    onError,
  });

const probesOf = ({
  config,
  clients,
  clock,
}: Platform): Omit<Probes, "llm_providers" | "mcp_servers"> => {
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
  };
};

/** Serves the health routes. They probe the clients themselves and use no other use cases. */
export const serveHealth = (platform: Platform) => () => {
  const { clock, logger } = platform;
  const onError: OnError = (component, error) =>
    logger.warn("component down", { component, error: error as Error });
  const llm_providers = probeModels(platform, onError);
  const mcp_servers = probeMcp(platform, onError);
  const probes = { ...probesOf(platform), llm_providers, mcp_servers };
  const deps: HealthDeps = { ...clock, probes, onError };
  return [
    serve(routes.healthRoute, async () => ({
      status: "healthy" as const,
      timestamp: clock.now().toISOString(),
    })),
    serve(routes.detailedHealthRoute, (_, call) => detailedHealth(deps, call !== undefined)),
    serve(routes.healthzRoute, (_, call) => detailedHealth(deps, call !== undefined)),
    serve(routes.readinessRoute, () => readiness(deps)),
  ];
};
