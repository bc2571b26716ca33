import { encodeCursor, placeOf } from "../../lib/http/fields.ts";
import * as routes from "../../lib/http/routes/agents.ts";
import { serve } from "../../lib/http/serve.ts";
import { allAgents, projectAgents, resetAgent } from "../../lib/services/projects/agents.ts";
import type { Dependencies } from "../wiring/platform.ts";

export const serveAgents = (deps: Dependencies) => [
  serve(routes.projectAgentsRoute, async ({ path }, call) => ({
    agents: await projectAgents(deps, call, path),
  })),
  serve(routes.allAgentsRoute, async ({ query }, call) => {
    const { items, last } = await allAgents(deps, call, placeOf(query));
    return { agents: items, next_cursor: encodeCursor(last) };
  }),
  serve(routes.agentTypeRoute, async ({ path, query }, call) => {
    const { items, last } = await allAgents(deps, call, { ...path, ...placeOf(query) });
    return { ...path, agents: items, next_cursor: encodeCursor(last) };
  }),
  serve(routes.resetAgentRoute, ({ path }) => resetAgent(path)),
];
