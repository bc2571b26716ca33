import { isTransient } from "../../lib/adapters/errors.ts";
import type { Receipt } from "../../lib/domain/receipt.ts";
import { type HandleDeps, handle, type Served } from "../../lib/http/handle.ts";
import { once } from "../../lib/services/once.ts";
import { type Outside, openParts, outside, type Parts } from "./parts.ts";

/** The Lambda handler of one resource. `given` is what a test brings along. */
export const openHttp = (
  serveAll: (parts: Parts) => readonly Served[],
  given: Outside = outside(),
) => {
  const parts = openParts(given);
  const deps: HandleDeps = {
    once: <R>(receipt: Receipt | undefined, run: () => Promise<R>) => once(parts, receipt, run),
    isTransient,
    newId: given.newId,
    logger: given.logger,
  };
  return handle(deps, serveAll(parts));
};
