import { serveSweep } from "./bindings/sweep.ts";
import { outside } from "./wiring/platform.ts";

export const handler = serveSweep(outside());
