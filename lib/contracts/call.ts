import type { Caller } from "../domain/common.ts";

/** A call of a use case: who calls, and the correlation id that its logs, messages and frames carry. */
export type Call = Caller & { correlation_id: string };
