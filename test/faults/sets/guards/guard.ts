import type { FaultName } from "../../world/faults.ts";
import type { RunName } from "../single-faults.ts";

export type SetName = RunName | "seeds";

/** A place in the code, and what stands there instead while the guard is off; both are expressions. */
export type Edit = { file: string; on: string; off: string };

export type Guard = {
  name: string;
  set: SetName;
  /** The fault that it is there for, where the set has many. */
  fault?: FaultName;
  edits: readonly Edit[];
};
