import type { ProjectKey } from "../domain/common.ts";

/** Something that has to happen now, found by the sweeper. */
export type DueItem =
  | (ProjectKey & { kind: "project" })
  | (ProjectKey & { kind: "task"; id: string })
  | (ProjectKey & { kind: "request"; id: string })
  | (ProjectKey & { kind: "ledger"; id: string })
  | { kind: "connection"; tenant: string; id: string };
