import type { ProjectKey } from "../domain/common.ts";
import type { DueKind } from "../domain/records.ts";

/** A record or connection that is due, as the sweeper finds it. */
export type DueItem =
  | (ProjectKey & { kind: "projects" })
  | { [K in DueKind]: ProjectKey & { kind: K; id: string } }[DueKind]
  | { kind: "connections"; tenant: string; id: string }
  /** An item whose key this version of the code does not know. */
  | { kind: "unknown"; pk: string; sk: string };
