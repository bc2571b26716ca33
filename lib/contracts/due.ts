import type { ProjectKey } from "../domain/common.ts";
import type { DueKind } from "../domain/records.ts";

/** Something that has to happen now, found by the sweeper. */
export type DueItem =
  | (ProjectKey & { kind: "projects" })
  | { [K in DueKind]: ProjectKey & { kind: K; id: string } }[DueKind]
  | { kind: "connections"; tenant: string; id: string }
  /** A key that this version of the code does not know. */
  | { kind: "unknown"; pk: string; sk: string };
