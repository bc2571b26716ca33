import { serveContext } from "./bindings/context.ts";
import { openHttp } from "./wiring/http.ts";
import { openPlatform } from "./wiring/platform.ts";

export const handler = openHttp(openPlatform(), serveContext);
