import { GetCommand } from "@aws-sdk/lib-dynamodb";
import type { Page } from "../../contracts/page.ts";
import type { ProjectKey } from "../../domain/common.ts";
import { Problem } from "../../domain/problem.ts";
import type { ProjectRecord } from "../../domain/project/project.ts";
import { afterAllIds, keys, lists } from "./keys.ts";
import { batchGet } from "./load-change.ts";
import { queryIndex, splitPage } from "./query.ts";
import { readEach, toProject } from "./records.ts";
import type { Table } from "./table.ts";

/**
 * Loads a project, with a consistent read.
 *
 * @throws Problem `not-found` when the tenant has no such project
 */
export const loadProject = async (table: Table, key: ProjectKey): Promise<ProjectRecord> => {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: keys.project(key), ConsistentRead: true }),
  );
  if (!Item) throw new Problem("not-found", `There is no project ${key.project_id}.`);
  return toProject(Item);
};

const newestFirst = (a: ProjectRecord, b: ProjectRecord) => (a.id < b.id ? 1 : -1);

/**
 * Lists the tenant's projects that were created before the project `before`, newest first. The index may lag; the projects
 * are read consistently.
 */
export const listProjects = async (
  table: Table,
  tenant: string,
  { before, limit }: { before: string | null; limit: number },
): Promise<Page<ProjectRecord>> => {
  const entries = await queryIndex(
    table,
    { index: "by_tenant", hash: lists.projects(tenant), range: "<", value: before ?? afterAllIds },
    limit + 1,
    true,
  );
  const { page, more } = splitPage(entries, limit);
  const items = readEach(table, await batchGet(table, page), toProject).sort(newestFirst);
  return { items, last: more ? (items.at(-1)?.id ?? null) : null };
};
