import { serveTasks } from "./bindings/tasks.ts";
import { openHttp } from "./wiring/http.ts";
import { openPlatform } from "./wiring/platform.ts";

export const handler = openHttp(openPlatform(), serveTasks);
