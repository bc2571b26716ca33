import { outside } from "./parts/parts.ts";
import { serveSweep } from "./serve/sweep.ts";

export const handler = serveSweep(outside());
