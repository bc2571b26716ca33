import type { FaultName } from "../../world/faults.ts";
import type { RunName } from "../single-faults.ts";

export type SetName = RunName | "seeds";

export type Guard = {
  name: string;
  set: SetName;
  /** The fault that it is there for, where the set has many. */
  fault?: FaultName;
  /**
   * Where it is in the code, and the expression that stands there while it is off. A place is named by a comment in front of
   * an expression: `guard: fencing` between the signs of a block comment is the place "fencing". The expression ends before
   * the next comma, semicolon or closing bracket around it.
   */
  places: Readonly<Record<string, string>>;
};
