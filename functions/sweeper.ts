import { serveSweep } from "./bindings/sweep.ts";
import { openPlatform } from "./wiring/platform.ts";

export const handler = serveSweep(openPlatform());
