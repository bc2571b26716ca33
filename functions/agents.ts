import { openHttp } from "./parts/http.ts";
import { outside } from "./parts/parts.ts";
import { serveAgents } from "./serve/agents.ts";

export const handler = openHttp(outside(), serveAgents);
