import { serveSocket } from "./bindings/socket.ts";
import { outside } from "./wiring/platform.ts";

export const handler = serveSocket(outside());
