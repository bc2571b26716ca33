import type { ProjectKey } from "../../domain/common.ts";

/**
 * Every key of the two tables. No key string is written anywhere else, and every partition key begins with
 * the tenant, which comes from the verified caller.
 *
 * | access pattern                        | where       | key                                              |
 * | ------------------------------------- | ----------- | ------------------------------------------------ |
 * | a project and what belongs to it      | Table       | TENANT#t#PROJECT#p / PROJECT, <prefix>#<id> (prefixes: records.ts) |
 * | a screen's worth of one project       | Table       | TENANT#t#PROJECT#p / HITL# … TASK#               |
 * | the log after a seq                   | Table       | TENANT#t#PROJECT#p / EVENT#<last seq of commit>  |
 * | an artifact by its id, any version    | Table       | TENANT#t#ARTIFACT#c / V#<version>                |
 * | what a project and its tasks have spent | Table     | TENANT#t#PROJECT#p / LEDGER#project, LEDGER#task:<id> |
 * | what a tenant has spent, in all and by day | Table  | TENANT#t#LEDGERS / LEDGER#tenant, LEDGER#day:<date> |
 * | a content by its digest               | Table       | TENANT#t#PROJECT#p#CONTENT / <sha256>            |
 * | the workflow that projects were created with | Table | TENANT#t#WORKFLOWS / WORKFLOW#<sha256>         |
 * | the project of a request              | Table       | TENANT#t#HITL#r / HITL                           |
 * | what a key was answered with          | Table       | TENANT#t#IDEMPOTENCY#user#key / IDEMPOTENCY      |
 * | how far a migration has come          | Table       | TENANT#_system#MIGRATIONS / <name>               |
 * | how a model provider is doing         | Table       | TENANT#_system#PROVIDERS / <name>                |
 * | a tenant's projects, pending requests | by_tenant   | TENANT#t#PROJECTS or …#PENDING / id              |
 * | what has to happen now                | by_due      | DUE#<shard> / instant                            |
 * | a connection                          | Connections | TENANT#t#CONNECTION#c / CONNECTION               |
 * | who watches a project                 | Connections | TENANT#t#PROJECT#p / SUBSCRIPTION#c              |
 */
export type Key = { pk: string; sk: string };

const project = ({ tenant, project_id }: ProjectKey) => `TENANT#${tenant}#PROJECT#${project_id}`;

const twelve = (seq: number) => String(seq).padStart(12, "0");

export const keys = {
  project: (key: ProjectKey): Key => ({ pk: project(key), sk: "PROJECT" }),
  /** A record that lies with its project; `prefix` names its kind. */
  record: (key: ProjectKey, prefix: string, id: string): Key => ({
    pk: project(key),
    sk: `${prefix}#${id}`,
  }),
  /** A ledger of the tenant as a whole: it lies with no project. */
  tenantLedger: (tenant: string, prefix: string, id: string): Key => ({
    pk: `TENANT#${tenant}#LEDGERS`,
    sk: `${prefix}#${id}`,
  }),
  workflow: (tenant: string, sha256: string): Key => ({
    pk: `TENANT#${tenant}#WORKFLOWS`,
    sk: `WORKFLOW#${sha256}`,
  }),
  /** `to` is the seq of the commit's last event, so that "after n" is a plain range. */
  events: (key: ProjectKey, to: number): Key => ({ pk: project(key), sk: `EVENT#${twelve(to)}` }),
  content: (key: ProjectKey, sha256: string): Key => ({
    pk: `${project(key)}#CONTENT`,
    sk: sha256,
  }),
  version: (tenant: string, id: string, version: number): Key => ({
    pk: `TENANT#${tenant}#ARTIFACT#${id}`,
    sk: `V#${twelve(version)}`,
  }),
  requestPointer: (tenant: string, id: string): Key => ({
    pk: `TENANT#${tenant}#HITL#${id}`,
    sk: "HITL",
  }),
  idempotency: (tenant: string, user: string, key: string): Key => ({
    pk: `TENANT#${tenant}#IDEMPOTENCY#${user}#${key}`,
    sk: "IDEMPOTENCY",
  }),
  migration: (name: string): Key => ({ pk: "TENANT#_system#MIGRATIONS", sk: name }),
  provider: (name: string): Key => ({ pk: "TENANT#_system#PROVIDERS", sk: name }),
  connection: (tenant: string, id: string): Key => ({
    pk: `TENANT#${tenant}#CONNECTION#${id}`,
    sk: "CONNECTION",
  }),
  subscription: (key: ProjectKey, connection_id: string): Key => ({
    pk: project(key),
    sk: `SUBSCRIPTION#${connection_id}`,
  }),
} as const;

/** Begin the sort keys of what is listed and is no record of a change. */
export const eventPrefix = "EVENT#";
export const versionPrefix = "V#";
export const subscriptionPrefix = "SUBSCRIPTION#";

/** The first part of a sort key, which says what kind of item it is, and the rest: an id, or nothing. */
export const parseSortKey = (sk: string): { prefix: string; id: string } => {
  const [prefix = "", ...rest] = sk.split("#");
  return { prefix, id: rest.join("#") };
};

/** Where an item lies: a project's partition, a connection's, or another. */
export const parsePartitionKey = (pk: string): { tenant: string; room: string; owner: string } => {
  const [, tenant = "", room = "", owner = "", ...inner] = pk.split("#");
  return { tenant, room: inner.length > 0 ? `${room}#${inner.join("#")}` : room, owner };
};

/** The lists of a tenant in the index `by_tenant`. */
export const lists = {
  projects: (tenant: string) => `TENANT#${tenant}#PROJECTS`,
  pending: (tenant: string) => `TENANT#${tenant}#PENDING`,
} as const;

/** Sort before and after every id: bounds of a range that is open at one end. */
export const beforeAllIds = " ";
export const afterAllIds = "~";

/** The index `by_due` is spread over this many partitions. */
export const dueShards = ["DUE#0", "DUE#1", "DUE#2", "DUE#3"] as const;

export const dueShardOf = (id: string): string => {
  const sum = Array.from(id).reduce(
    (total, character) => total + (character.codePointAt(0) ?? 0),
    0,
  );
  return dueShards[sum % dueShards.length] ?? dueShards[0];
};
