import type * as z from "zod";
import { ArtifactRecord } from "./artifact/artifact.ts";
import { emptyLedger, LedgerRecord, ledgerDue } from "./budget/ledger.ts";
import type { ProjectCounts } from "./project/project.ts";
import { RequestRecord, requestDue } from "./request/request.ts";
import { isOpen, TaskRecord, taskDue } from "./task/task.ts";

/** How long each kind of wait lasts before the sweeper looks at a record, in milliseconds. */
export type WaitTimes = {
  /** A pending task that nobody has taken is put into its queue again after this long. */
  enqueueAgainMs: number;
};

type Kind<R> = {
  schema: z.ZodType<R>;
  idOf: (record: R) => string;
  /** What the record adds to the counts of its project. */
  countsOf?: (record: R) => Partial<ProjectCounts>;
  /** When the sweeper has to look at it; null when never. A kind that has this needs a row in `sweepers`. */
  dueAt?: (record: R, times: WaitTimes) => string | null;
  /** What stands for a record that does not exist yet. */
  emptyOf?: (id: string) => R;
};

const kind = <R, K extends Kind<R>>(row: K & Kind<R>): K => row;

/**
 * Every kind of record that belongs to a project. A change loads and writes them by this table, and they are stored as
 * lib/adapters/dynamodb/records.ts says: a kind that one of the two forgets is a type error.
 */
const recordKinds = {
  tasks: kind({
    schema: TaskRecord,
    idOf: ({ task_id }: TaskRecord) => task_id,
    countsOf: (task: TaskRecord) => ({
      tasks: 1,
      open: isOpen(task) ? 1 : 0,
      completed: task.status === "completed" ? 1 : 0,
    }),
    dueAt: (task: TaskRecord, { enqueueAgainMs }: WaitTimes) =>
      /* guard: what is due is in the index */ taskDue(task, enqueueAgainMs),
  }),
  requests: kind({
    schema: RequestRecord,
    idOf: ({ request_id }: RequestRecord) => request_id,
    countsOf: ({ status }: RequestRecord) => ({ pending_requests: status === "pending" ? 1 : 0 }),
    dueAt: requestDue,
  }),
  artifacts: kind({
    schema: ArtifactRecord,
    idOf: ({ context_id }: ArtifactRecord) => context_id,
    countsOf: ({ deleted }: ArtifactRecord) => ({ artifacts: deleted ? 0 : 1 }),
  }),
  ledgers: kind({
    schema: LedgerRecord,
    idOf: ({ ledger_id }: LedgerRecord) => ledger_id,
    dueAt: ledgerDue,
    emptyOf: emptyLedger,
  }),
} as const;

export type RecordKind = keyof typeof recordKinds;
type RecordTypes = { [K in RecordKind]: z.output<(typeof recordKinds)[K]["schema"]> };
export type RecordOf<K extends RecordKind> = RecordTypes[K];

/** The names of all kinds, in the order in which a commit writes them. */
export const kindNames = Object.keys(recordKinds) as RecordKind[];

/** A kind's row, as loops over all kinds see it. */
export const kindOf = <K extends RecordKind>(name: K): Kind<RecordOf<K>> =>
  recordKinds[name] as unknown as Kind<RecordOf<K>>;

/** The kinds that the sweeper looks after. */
export type DueKind = {
  [K in RecordKind]: (typeof recordKinds)[K] extends { dueAt: unknown } ? K : never;
}[RecordKind];

/** Records by kind and id. */
export type Records = { readonly [K in RecordKind]: Readonly<Record<string, RecordOf<K>>> };

/** The records of one kind, by id. */
export const recordsOf = <K extends RecordKind>(
  records: Records,
  name: K,
): Readonly<Record<string, RecordOf<K>>> => records[name];

export const noRecords: Records = { tasks: {}, requests: {}, artifacts: {}, ledgers: {} };
