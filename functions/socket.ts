import { outside } from "./parts/parts.ts";
import { serveSocket } from "./serve/socket.ts";

export const handler = serveSocket(outside());
