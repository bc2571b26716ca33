import { serveSocket } from "./bindings/socket.ts";
import { openPlatform } from "./wiring/platform.ts";

export const handler = serveSocket(openPlatform());
