import { ArtifactRecord } from "../../domain/artifact/artifact.ts";
import { LedgerRecord, ledgerDue } from "../../domain/budget/ledger.ts";
import { later, type ProjectKey } from "../../domain/common.ts";
import { ProjectRecord } from "../../domain/project/project.ts";
import { RequestRecord } from "../../domain/request/request.ts";
import { TaskRecord, taskDue } from "../../domain/task/task.ts";
import { dueShardOf, type Key, keys, lists } from "./keys.ts";
import { type Packed, pack, unpack } from "./pack.ts";
import { currentVersion, type RecordKind, upgrade } from "./schema-versions.ts";

/**
 * An item that carries a record: the record as one packed attribute, so that it costs few units, and beside
 * it only what conditions and indexes need.
 */
export type Item = Key & {
  v: number;
  rev: number;
  body: Packed;
  status?: string;
  due?: string;
  due_shard?: string;
  listed_in?: string;
  listed_as?: string;
};

/** A chore that its own process did not finish is looked at after this long. */
const choreMs = 30_000;

const carry = (kind: RecordKind, key: Key, record: { rev: number }) => ({
  ...key,
  v: currentVersion(kind),
  rev: record.rev + 1,
  body: pack({ ...record, rev: record.rev + 1 }),
});

const dueAt = (id: string, due: string | null) => (due ? { due, due_shard: dueShardOf(id) } : {});

export const projectItem = (tenant: string, project: ProjectRecord): Item => ({
  ...carry("project", keys.project({ tenant, project_id: project.id }), project),
  status: project.status,
  listed_in: lists.projects(tenant),
  listed_as: project.id,
  ...dueAt(
    project.id,
    project.chore ? later(project.chore_at ?? project.updated_at, choreMs) : null,
  ),
});

export const taskItem = (tenant: string, task: TaskRecord, remindMs?: number): Item => ({
  ...carry("task", keys.task({ tenant, ...task }, task.task_id), task),
  status: task.status,
  .../* guard: what is due is in the index */ dueAt(task.task_id, taskDue(task, remindMs)),
});

export const requestItem = (tenant: string, request: RequestRecord): Item => ({
  ...carry("request", keys.request({ tenant, ...request }, request.request_id), request),
  status: request.status,
  ...(request.status === "pending" && {
    ...dueAt(request.request_id, request.expires_at),
    listed_in: lists.pending(tenant),
    listed_as: request.request_id,
  }),
});

export const artifactItem = (tenant: string, artifact: ArtifactRecord): Item =>
  carry("artifact", keys.artifact({ tenant, ...artifact }, artifact.context_id), artifact);

export const ledgerItem = (key: ProjectKey, ledger: LedgerRecord): Item => ({
  ...carry("ledger", keys.ledger(key, ledger.ledger_id), ledger),
  ...dueAt(ledger.ledger_id, ledgerDue(ledger)),
});

/** One version of an artifact, found by the artifact's id alone. Never rewritten. */
export const versionItem = (tenant: string, artifact: ArtifactRecord): Item =>
  carry("artifact", keys.version(tenant, artifact.context_id, artifact.version), artifact);

/** The record an item carries, in today's shape. */
const read = (kind: RecordKind, item: Record<string, unknown>) =>
  upgrade(kind, Number(item.v), unpack(item.body as Packed) as Record<string, unknown>);

export const toProject = (item: Record<string, unknown>) =>
  ProjectRecord.parse(read("project", item));
export const toTask = (item: Record<string, unknown>) => TaskRecord.parse(read("task", item));
export const toRequest = (item: Record<string, unknown>) =>
  RequestRecord.parse(read("request", item));
export const toArtifact = (item: Record<string, unknown>) =>
  ArtifactRecord.parse(read("artifact", item));
export const toLedger = (item: Record<string, unknown>) => LedgerRecord.parse(read("ledger", item));
