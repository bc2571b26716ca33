import { openHttp } from "./parts/http.ts";
import { outside } from "./parts/parts.ts";
import { serveContext } from "./serve/context.ts";

export const handler = openHttp(outside(), serveContext);
