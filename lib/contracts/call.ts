import type { Caller } from "../domain/common.ts";

/** A caller's request: who calls, and the id that tells what follows from it in the logs. */
export type Call = Caller & { correlation_id: string };
