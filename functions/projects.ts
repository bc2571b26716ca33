import { openHttp } from "./parts/http.ts";
import { outside } from "./parts/parts.ts";
import { serveProjects } from "./serve/projects.ts";

export const handler = openHttp(outside(), serveProjects);
