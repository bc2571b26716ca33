import type { ArtifactRecord } from "../../domain/artifact/artifact.ts";
import { isTenantLedger } from "../../domain/budget/ledger.ts";
import type { ProjectKey } from "../../domain/common.ts";
import { Problem } from "../../domain/problem.ts";
import { ProjectRecord } from "../../domain/project/project.ts";
import { kindNames, kindOf, type RecordKind, type RecordOf } from "../../domain/records.ts";
import type { RequestRecord } from "../../domain/request/request.ts";
import { dueShardOf, type Key, keys, lists } from "./keys.ts";
import { type Packed, pack, unpack } from "./pack.ts";
import { currentVersion, type StoredKind, upgrade } from "./schema-versions.ts";
import type { Table } from "./table.ts";

/**
 * An item that holds a record. The record is one packed attribute, so that it costs few units. Only what conditions and indexes
 * need are attributes of their own.
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

/** How a kind of record is stored. */
type Storage<R> = {
  /** The beginning of its sort key; the id follows. */
  prefix: string;
  /** Gives its key, when not all of them are in the partition of the project. */
  keyOf?: (key: ProjectKey, prefix: string, id: string) => Key;
  /** Gives the list of the index `by_tenant` in which it stands now; null for none. */
  listOf?: (tenant: string, record: R) => string | null;
  /** Tells whether its item is to be deleted. */
  isDeleted?: (record: R) => boolean;
  /** Makes further items that are written with it, such as pointers and versions. They are never changed afterwards. */
  companionsOf?: (tenant: string, record: R) => (Key & StoredItem)[];
};

/** Makes the item of one version of an artifact, which is found by the artifact's id alone. */
const versionItem = (tenant: string, artifact: ArtifactRecord) =>
  recordFields("artifacts", keys.version(tenant, artifact.context_id, artifact.version), artifact);

/** Makes the item that says where a request is stored, for readers who know only its id. */
const requestPointer = (tenant: string, { request_id, project_id, task_id }: RequestRecord) => ({
  ...keys.requestPointer(tenant, request_id),
  project_id,
  task_id,
});

/** Says how each kind of record is stored. Loading, writing, due keys and migrations loop over this table. */
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
  calls: { prefix: "CALL" },
};

const storageOf = <K extends RecordKind>(kind: K): Storage<RecordOf<K>> =>
  storedKinds[kind] as unknown as Storage<RecordOf<K>>;

/** The kinds by the prefixes of their sort keys. One kind may have several prefixes. */
const kindsByPrefix: Readonly<Record<string, StoredKind>> = {
  ...Object.fromEntries(kindNames.map((kind) => [storedKinds[kind].prefix, kind])),
  PROJECT: "projects",
  V: "artifacts",
  EVENT: "events",
  WORKFLOW: "workflows",
};

/** Gives the kind of record that items with this prefix hold; undefined for items without a record. */
export const kindOfPrefix = (prefix: string): StoredKind | undefined => kindsByPrefix[prefix];

/** Gives the beginning of a kind's sort keys, for listing its records. */
export const prefixOf = (kind: RecordKind): string => `${storedKinds[kind].prefix}#`;

/** Gives the key of a record. */
export const recordKey = (kind: RecordKind, key: ProjectKey, id: string): Key => {
  const { prefix, keyOf = keys.record } = storedKinds[kind];
  return keyOf(key, prefix, id);
};

const schemaOf = (kind: "projects" | RecordKind) =>
  kind === "projects" ? ProjectRecord : kindOf(kind).schema;

/**
 * Makes the fields of a record's item.
 *
 * @throws ZodError for a record that could not be read again: a write that fails harms nobody but its own change
 */
const recordFields = <R extends { rev: number }>(
  kind: "projects" | RecordKind,
  key: Key,
  record: R,
) => {
  schemaOf(kind).parse(record);
  return storedFields(kind, key, record);
};

const storedFields = (kind: StoredKind, key: Key, record: { rev: number }) => ({
  ...key,
  v: currentVersion(kind),
  rev: record.rev + 1,
  body: pack({ ...record, rev: record.rev + 1 }),
});

const dueAttributes = (id: string, due: string | null) =>
  due === null ? {} : { due, due_shard: dueShardOf(id) };

const listAttributes = (list: string | null | undefined, id: string) =>
  list ? { listed_in: list, listed_as: id } : {};

/**
 * Makes the item of a project, with its next revision.
 *
 * @param due when the sweeper must look at it; null for never
 */
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

/**
 * Makes the item of a record, with its next revision.
 *
 * @param due when the sweeper must look at it; null for never
 */
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

/** Tells whether the record's item is to be deleted. */
export const isDeleted = <K extends RecordKind>(kind: K, record: RecordOf<K>): boolean =>
  storageOf(kind).isDeleted?.(record) ?? false;

/** Makes the further items that are written with the record. */
export const companionItems = <K extends RecordKind>(
  kind: K,
  tenant: string,
  record: RecordOf<K>,
) => storageOf(kind).companionsOf?.(tenant, record) ?? [];

/** Reads the record of an item, in the shape of this version of the code. The shape is not checked. */
export const readBody = (kind: StoredKind, item: StoredItem) =>
  upgrade(kind, Number(item.v), unpack(item.body as Packed) as Record<string, unknown>);

const unreadable = ({ pk, sk }: StoredItem, cause: unknown) =>
  new Problem("internal", `The stored record ${pk} ${sk} cannot be read.`, { cause });

/** Runs `read` on an item. @throws Problem `internal`, which names the item, when it throws */
const readItem = <R>(item: StoredItem, read: (item: StoredItem) => R): R => {
  try {
    return read(item);
  } catch (error) {
    throw unreadable(item, error);
  }
};

/**
 * Reads the record of an item.
 *
 * @throws Problem `internal`, which names the item, when it cannot be read: it is damaged, or does not have the shape of this version
 * of the code
 */
export const toRecord = <K extends RecordKind>(kind: K, item: StoredItem): RecordOf<K> =>
  readItem(item, () => kindOf(kind).schema.parse(readBody(kind, item)));

/**
 * Reads the project of an item.
 *
 * @throws Problem `internal`, which names the item, when it cannot be read
 */
export const toProject = (item: StoredItem): ProjectRecord =>
  readItem(item, () => ProjectRecord.parse(readBody("projects", item)));

/** Reads the items of a list. One that cannot be read is reported, and left out: it does not stop the others. */
export const readEach = <R>(
  { onUnreadable }: Table,
  items: readonly StoredItem[],
  read: (item: StoredItem) => R,
): R[] =>
  items.flatMap((item) => {
    try {
      return [read(item)];
    } catch (error) {
      onUnreadable?.({ pk: String(item.pk), sk: String(item.sk) }, error);
      return [];
    }
  });
