import type * as z from "zod";
import { ArtifactRecord } from "./artifact/artifact.ts";
import { CallRecord, callRecordId } from "./budget/call-record.ts";
import { emptyLedger, LedgerRecord, ledgerDue } from "./budget/ledger.ts";
import type { ProjectCounts } from "./project/project.ts";
import { RequestRecord, requestDue } from "./request/request.ts";
import { isOpen, TaskRecord, taskDue } from "./task/task.ts";

/** How long a record may wait before the sweeper looks at it, in milliseconds. */
export type WaitTimes = {
  /** After this time a pending task that no worker has claimed is enqueued again. */
  enqueueAgainMs: number;
};

type Kind<R> = {
  schema: z.ZodType<R>;
  idOf: (record: R) => string;
  /** Gives what the record adds to the counts of its project. */
  countsOf?: (record: R) => Partial<ProjectCounts>;
  /**
   * Gives the instant at which the sweeper must look at the record; null for never. A kind with it needs a row in
   * `sweepers`.
   */
  dueAt?: (record: R, times: WaitTimes) => string | null;
  /** Makes the record that stands for one that does not exist yet. */
  emptyOf?: (id: string) => R;
};

const kind = <R, K extends Kind<R>>(row: K & Kind<R>): K => row;

/**
 * Lists every kind of record that belongs to a project. A change loads and writes records by this table;
 * lib/adapters/dynamodb/records.ts says how each kind is stored. A kind that is missing in one of the two is a type error.
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
  calls: kind({ schema: CallRecord, idOf: callRecordId }),
} as const;

export type RecordKind = keyof typeof recordKinds;
type RecordTypes = { [K in RecordKind]: z.output<(typeof recordKinds)[K]["schema"]> };
export type RecordOf<K extends RecordKind> = RecordTypes[K];

/** The names of all kinds, in the order in which a commit writes them. */
export const kindNames = Object.keys(recordKinds) as RecordKind[];

/** Gives the row of a kind, with the type that loops over all kinds need. */
export const kindOf = <K extends RecordKind>(name: K): Kind<RecordOf<K>> =>
  recordKinds[name] as unknown as Kind<RecordOf<K>>;

/** The kinds whose records can become due. */
export type DueKind = {
  [K in RecordKind]: (typeof recordKinds)[K] extends { dueAt: unknown } ? K : never;
}[RecordKind];

/** Records by kind and id. */
export type Records = { readonly [K in RecordKind]: Readonly<Record<string, RecordOf<K>>> };

/** Gives the records of one kind, by id. */
export const recordsOf = <K extends RecordKind>(
  records: Records,
  name: K,
): Readonly<Record<string, RecordOf<K>>> => records[name];

export const noRecords: Records = {
  tasks: {},
  requests: {},
  artifacts: {},
  ledgers: {},
  calls: {},
};
