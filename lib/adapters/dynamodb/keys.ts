import type { ProjectKey } from "../../domain/common.ts";

/**
 * Every key of the two tables. Only this file writes key strings. Every partition key begins with the tenant, which comes from
 * the verified caller.
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
 * | the transcript of a model call        | Table       | TENANT#t#PROJECT#p#TRANSCRIPTS / <task>#<call>   |
 * | the workflow that projects were created with | Table | TENANT#t#WORKFLOWS / WORKFLOW#<sha256>         |
 * | the project of a request              | Table       | TENANT#t#HITL#r / HITL                           |
 * | the response under an idempotency key | Table       | TENANT#t#IDEMPOTENCY#user#key / IDEMPOTENCY      |
 * | how far a migration has come          | Table       | TENANT#_system#MIGRATIONS / <name>               |
 * | the breaker of a model provider       | Table       | TENANT#_system#PROVIDERS / <name>                |
 * | a tenant's projects, pending requests | by_tenant   | TENANT#t#PROJECTS or …#PENDING / id              |
 * | what is due                           | by_due      | DUE#<shard> / instant                            |
 * | a connection                          | Connections | TENANT#t#CONNECTION#c / CONNECTION               |
 * | who watches a project                 | Connections | TENANT#t#PROJECT#p / SUBSCRIPTION#c              |
 */
export type Key = { pk: string; sk: string };

const project = ({ tenant, project_id }: ProjectKey) => `TENANT#${tenant}#PROJECT#${project_id}`;

const padSeq = (seq: number) => String(seq).padStart(12, "0");

export const keys = {
  project: (key: ProjectKey): Key => ({ pk: project(key), sk: "PROJECT" }),
  /** A record in the partition of its project. `prefix` names its kind. */
  record: (key: ProjectKey, prefix: string, id: string): Key => ({
    pk: project(key),
    sk: `${prefix}#${id}`,
  }),
  /** A ledger of the tenant as a whole, which is in no project's partition. */
  tenantLedger: (tenant: string, prefix: string, id: string): Key => ({
    pk: `TENANT#${tenant}#LEDGERS`,
    sk: `${prefix}#${id}`,
  }),
  workflow: (tenant: string, sha256: string): Key => ({
    pk: `TENANT#${tenant}#WORKFLOWS`,
    sk: `WORKFLOW#${sha256}`,
  }),
  /** The events of a commit. `to` is the seq of the last one, so that "after n" is a plain range. */
  events: (key: ProjectKey, to: number): Key => ({ pk: project(key), sk: `EVENT#${padSeq(to)}` }),
  content: (key: ProjectKey, sha256: string): Key => ({
    pk: `${project(key)}#CONTENT`,
    sk: sha256,
  }),
  transcript: (key: ProjectKey, task_id: string, call_id: string): Key => ({
    pk: `${project(key)}#TRANSCRIPTS`,
    sk: `${task_id}#${call_id}`,
  }),
  version: (tenant: string, id: string, version: number): Key => ({
    pk: `TENANT#${tenant}#ARTIFACT#${id}`,
    sk: `V#${padSeq(version)}`,
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

/** The beginnings of the sort keys of items that are listed and are not records of a change. */
export const eventPrefix = "EVENT#";
export const versionPrefix = "V#";
export const subscriptionPrefix = "SUBSCRIPTION#";

/** Splits a sort key into the prefix, which says what kind of item it is, and the rest: an id, or an empty text. */
export const parseSortKey = (sk: string): { prefix: string; id: string } => {
  const [prefix = "", ...rest] = sk.split("#");
  return { prefix, id: rest.join("#") };
};

/** Splits a partition key into the tenant, the area (`PROJECT`, `CONNECTION`, …) and the id of the owner in that area. */
export const parsePartitionKey = (pk: string): { tenant: string; area: string; owner: string } => {
  const [, tenant = "", area = "", owner = "", ...inner] = pk.split("#");
  return { tenant, area: inner.length > 0 ? `${area}#${inner.join("#")}` : area, owner };
};

/** The partition keys of a tenant's lists in the index `by_tenant`. */
export const lists = {
  projects: (tenant: string) => `TENANT#${tenant}#PROJECTS`,
  pending: (tenant: string) => `TENANT#${tenant}#PENDING`,
} as const;

/** Texts that sort before and after every id, as bounds of a range that is open at one end. */
export const beforeAllIds = " ";
export const afterAllIds = "~";

/** The partition keys of the index `by_due`, over which due items are spread. */
export const dueShards = ["DUE#0", "DUE#1", "DUE#2", "DUE#3"] as const;

/** Gives the shard of an id; always the same one. */
export const dueShardOf = (id: string): string => {
  const sum = Array.from(id).reduce(
    (total, character) => total + (character.codePointAt(0) ?? 0),
    0,
  );
  return dueShards[sum % dueShards.length] ?? dueShards[0];
};
