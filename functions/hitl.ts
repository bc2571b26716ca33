import { openHttp } from "./parts/http.ts";
import { outside } from "./parts/parts.ts";
import { serveHitl } from "./serve/hitl.ts";

export const handler = openHttp(outside(), serveHitl);
