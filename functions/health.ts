import { openHttp } from "./parts/http.ts";
import { outside } from "./parts/parts.ts";
import { serveHealth } from "./serve/health.ts";

const given = outside();

export const handler = openHttp(given, serveHealth(given));
