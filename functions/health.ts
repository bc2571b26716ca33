import { serveHealth } from "./bindings/health.ts";
import { openHttp } from "./wiring/http.ts";
import { openPlatform } from "./wiring/platform.ts";

const platform = openPlatform();

export const handler = openHttp(platform, serveHealth(platform));
