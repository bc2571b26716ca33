import { serveHealth } from "./bindings/health.ts";
import { openHttp } from "./wiring/http.ts";
import { outside } from "./wiring/platform.ts";

const given = outside();

export const handler = openHttp(given, serveHealth(given));
