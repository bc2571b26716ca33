import { openHttp } from "./parts/http.ts";
import { outside } from "./parts/parts.ts";
import { serveTasks } from "./serve/tasks.ts";

export const handler = openHttp(outside(), serveTasks);
