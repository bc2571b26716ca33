import { BatchGetCommand } from "@aws-sdk/lib-dynamodb";
import { maxBatchGetKeys } from "../../contracts/limits.ts";
import { type Change, type Needs, startChange } from "../../domain/change.ts";
import type { ProjectKey } from "../../domain/common.ts";
import { Problem } from "../../domain/problem.ts";
import type { ProjectRecord } from "../../domain/project/project.ts";
import { kindNames, kindOf, type RecordKind } from "../../domain/records.ts";
import type { Workflow } from "../../domain/workflow/workflow.ts";
import { type Key, keys } from "./keys.ts";
import { recordKey, toProject, toRecord } from "./records.ts";
import type { Table } from "./table.ts";

type Items = Record<string, unknown>[];

/**
 * Reads items, `maxBatchGetKeys` in one call, and asks again for those that DynamoDB left unprocessed. Items that do not
 * exist are missing in the result.
 */
export const batchGet = async (table: Table, wanted: readonly Key[], consistent = true) => {
  const items: Items = [];
  const distinct = new Map(wanted.map(({ pk, sk }) => [`${pk} ${sk}`, { pk, sk }]));
  let left: Record<string, unknown>[] = [...distinct.values()];
  while (left.length > 0) {
    const page = await table.client.send(
      new BatchGetCommand({
        RequestItems: {
          [table.name]: { Keys: left.slice(0, maxBatchGetKeys), ConsistentRead: consistent },
        },
      }),
    );
    items.push(...(page.Responses?.[table.name] ?? []));
    left = [...(page.UnprocessedKeys?.[table.name]?.Keys ?? []), ...left.slice(maxBatchGetKeys)];
  }
  return items;
};

/** A record that a decision needs, and its key. */
type Wanted = { kind: RecordKind; id: string; key: Key };

const wantedOf = (key: ProjectKey, needs: Needs): Wanted[] =>
  kindNames.flatMap((kind) =>
    (needs[kind] ?? []).map((id) => ({ kind, id, key: recordKey(kind, key, id) })),
  );

const nameOf = ({ pk, sk }: { pk?: unknown; sk?: unknown }) => `${pk} ${sk}`;

/**
 * Adds the wanted records that were found to the change. For a missing one it adds the kind's empty record, if the kind has
 * one.
 */
const withRecords = (change: Change, wanted: readonly Wanted[], items: Items): Change => {
  const found = new Map(items.map((item) => [nameOf(item), item]));
  const ofKind = (kind: RecordKind) =>
    wanted.flatMap(({ kind: each, id, key }) => {
      if (each !== kind) return [];
      const item = found.get(nameOf(key));
      const record = item ? toRecord(kind, item) : (change[kind][id] ?? kindOf(kind).emptyOf?.(id));
      return record ? [[id, record]] : [];
    });
  return {
    ...change,
    ...Object.fromEntries(
      kindNames.map((kind) => [kind, { ...change[kind], ...Object.fromEntries(ofKind(kind)) }]),
    ),
  };
};

/** Gives the workflow that a project runs. */
type WorkflowOf = (tenant: string, project: ProjectRecord) => Promise<Workflow>;

/**
 * Loads a project with the records that a decision needs, with a consistent read. Records that do not exist are missing in the
 * change.
 *
 * @throws Problem `not-found` when the tenant has no such project
 */
export const loadChange = async (
  table: Table,
  workflowOf: WorkflowOf,
  key: ProjectKey,
  needs: Needs,
): Promise<Change> => {
  const wanted = wantedOf(key, needs);
  const projectKey = keys.project(key);
  const items = await batchGet(table, [projectKey, ...wanted.map((each) => each.key)]);
  const item = items.find((each) => nameOf(each) === nameOf(projectKey));
  if (!item) throw new Problem("not-found", `There is no project ${key.project_id}.`);
  const project = toProject(item);
  const start = startChange(key.tenant, project, await workflowOf(key.tenant, project));
  return withRecords(start, wanted, items);
};

/** Adds more records to a change, for a decision whose needs depend on what was read first. */
export const loadMore = async (table: Table, change: Change, needs: Needs): Promise<Change> => {
  const wanted = wantedOf({ tenant: change.tenant, project_id: change.project.id }, needs);
  if (wanted.length === 0) return change;
  const items = await batchGet(
    table,
    wanted.map(({ key }) => key),
  );
  return withRecords(change, wanted, items);
};
