import type { Route } from "./route.ts";
import { agentRoutes } from "./routes/agents.ts";
import { contextRoutes } from "./routes/context.ts";
import { deliverableRoutes } from "./routes/deliverable.ts";
import { healthRoutes } from "./routes/health.ts";
import { hitlRoutes } from "./routes/hitl.ts";
import { projectRoutes } from "./routes/projects.ts";
import { taskRoutes } from "./routes/tasks.ts";

/** All operations, by the function that serves them. The OpenAPI document is made from this list alone. */
export const routesByFunction = {
  projects: projectRoutes,
  tasks: taskRoutes,
  agents: agentRoutes,
  context: [...contextRoutes, ...deliverableRoutes],
  hitl: hitlRoutes,
  health: healthRoutes,
} as const;

export const routes = Object.values(routesByFunction).flat() as unknown as readonly Route[];
