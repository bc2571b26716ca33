import { serveContext } from "./bindings/context.ts";
import { openHttp } from "./wiring/http.ts";
import { outside } from "./wiring/platform.ts";

export const handler = openHttp(outside(), serveContext);
