import type { ArtifactRecord } from "../../domain/artifact/artifact.ts";
import { isTenantLedger } from "../../domain/budget/ledger.ts";
import type { ProjectKey } from "../../domain/common.ts";
import { ProjectRecord } from "../../domain/project/project.ts";
import { kindNames, kindOf, type RecordKind, type RecordOf } from "../../domain/records.ts";
import type { RequestRecord } from "../../domain/request/request.ts";
import { dueShardOf, type Key, keys, lists } from "./keys.ts";
import { type Packed, pack, unpack } from "./pack.ts";
import { currentVersion, type StoredKind, upgrade } from "./schema-versions.ts";

/**
 * An item that carries a record: the record as one packed attribute, so that it costs few units, and beside
 * it only what conditions and indexes need.
 */
export type RecordItem = Key & {
  v: number;
  rev: number;
  body: Packed;
  status?: string;
  due?: string;
  due_shard?: string;
  listed_in?: string;
  listed_as?: string;
};

/** An item as the table gives it. */
export type StoredItem = Record<string, unknown>;

/** How a kind of record lies in the table. */
type Storage<R> = {
  /** Begins its sort key; the id follows. */
  prefix: string;
  /** Where it does not lie with its project. */
  keyOf?: (key: ProjectKey, prefix: string, id: string) => Key;
  /** The tenant's list in the index `by_tenant` that it stands in now. */
  listOf?: (tenant: string, record: R) => string | null;
  /** Its item goes when the record says so. */
  isDeleted?: (record: R) => boolean;
  /** Further items that are written with it: pointers, versions. They are never rewritten. */
  companionsOf?: (tenant: string, record: R) => (Key & StoredItem)[];
};

/** One version of an artifact, found by the artifact's id alone. */
const versionItem = (tenant: string, artifact: ArtifactRecord) =>
  recordFields("artifacts", keys.version(tenant, artifact.context_id, artifact.version), artifact);

/** Where a request is kept, for those who know its id alone. */
const requestPointer = (tenant: string, { request_id, project_id, task_id }: RequestRecord) => ({
  ...keys.requestPointer(tenant, request_id),
  project_id,
  task_id,
});

/** Every kind that a change may hold. Loading, writing, due keys and migrations are loops over this table. */
const storedKinds: { readonly [K in RecordKind]: Storage<RecordOf<K>> } = {
  tasks: { prefix: "TASK" },
  requests: {
    prefix: "HITL",
    listOf: (tenant, { status }) => (status === "pending" ? lists.pending(tenant) : null),
    companionsOf: (tenant, request) => (request.rev === 0 ? [requestPointer(tenant, request)] : []),
  },
  artifacts: {
    prefix: "ARTIFACT",
    isDeleted: ({ deleted }) => deleted,
    companionsOf: (tenant, artifact) => [versionItem(tenant, artifact)],
  },
  ledgers: {
    prefix: "LEDGER",
    keyOf: (key, prefix, id) =>
      isTenantLedger(id) ? keys.tenantLedger(key.tenant, prefix, id) : keys.record(key, prefix, id),
  },
};

const storageOf = <K extends RecordKind>(kind: K): Storage<RecordOf<K>> =>
  storedKinds[kind] as unknown as Storage<RecordOf<K>>;

/** The kinds by the prefixes of their sort keys; some items carry the same kind of record under another prefix. */
const kindsByPrefix: Readonly<Record<string, StoredKind>> = {
  ...Object.fromEntries(kindNames.map((kind) => [storedKinds[kind].prefix, kind])),
  PROJECT: "projects",
  V: "artifacts",
  EVENT: "events",
  WORKFLOW: "workflows",
};

/** The kind of record that items with this prefix carry; undefined for items that carry none. */
export const kindOfPrefix = (prefix: string): StoredKind | undefined => kindsByPrefix[prefix];

/** Begins the sort keys of a kind, for listing it. */
export const prefixOf = (kind: RecordKind): string => `${storedKinds[kind].prefix}#`;

export const recordKey = (kind: RecordKind, key: ProjectKey, id: string): Key => {
  const { prefix, keyOf = keys.record } = storedKinds[kind];
  return keyOf(key, prefix, id);
};

const recordFields = (kind: StoredKind, key: Key, record: { rev: number }) => ({
  ...key,
  v: currentVersion(kind),
  rev: record.rev + 1,
  body: pack({ ...record, rev: record.rev + 1 }),
});

const dueAttributes = (id: string, due: string | null) =>
  due === null ? {} : { due, due_shard: dueShardOf(id) };

const listAttributes = (list: string | null | undefined, id: string) =>
  list ? { listed_in: list, listed_as: id } : {};

export const projectItem = (
  tenant: string,
  project: ProjectRecord,
  due: string | null,
): RecordItem => ({
  ...recordFields("projects", keys.project({ tenant, project_id: project.id }), project),
  status: project.status,
  ...listAttributes(lists.projects(tenant), project.id),
  ...dueAttributes(project.id, due),
});

/** @param due when the sweeper has to look at it, as the domain says; null for never */
export const recordItem = <K extends RecordKind>(
  kind: K,
  key: ProjectKey,
  record: RecordOf<K>,
  due: string | null,
): RecordItem => {
  const id = kindOf(kind).idOf(record);
  return {
    ...recordFields(kind, recordKey(kind, key, id), record),
    ...("status" in record && { status: record.status }),
    ...listAttributes(storageOf(kind).listOf?.(key.tenant, record), id),
    ...dueAttributes(id, due),
  };
};

export const isDeleted = <K extends RecordKind>(kind: K, record: RecordOf<K>): boolean =>
  storageOf(kind).isDeleted?.(record) ?? false;

export const companionItems = <K extends RecordKind>(
  kind: K,
  tenant: string,
  record: RecordOf<K>,
) => storageOf(kind).companionsOf?.(tenant, record) ?? [];

/** What an item carries, in the shape of this version of the code. */
export const readBody = (kind: StoredKind, item: StoredItem) =>
  upgrade(kind, Number(item.v), unpack(item.body as Packed) as Record<string, unknown>);

export const toRecord = <K extends RecordKind>(kind: K, item: StoredItem): RecordOf<K> =>
  kindOf(kind).schema.parse(readBody(kind, item));

export const toProject = (item: StoredItem): ProjectRecord =>
  ProjectRecord.parse(readBody("projects", item));
