import { serveProjects } from "./bindings/projects.ts";
import { openHttp } from "./wiring/http.ts";
import { outside } from "./wiring/platform.ts";

export const handler = openHttp(outside(), serveProjects);
