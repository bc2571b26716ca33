import { GetCommand } from "@aws-sdk/lib-dynamodb";
import type { ProjectKey } from "../domain/common.ts";
import { Problem } from "../domain/problem.ts";
import type { ProjectRecord } from "../domain/project.ts";
import { toProject, toRequest, toTask } from "./items.ts";
import { keys, lists, prefixes } from "./keys.ts";
import { batchGet } from "./load-change.ts";
import { queryAll, queryIndex } from "./query.ts";
import type { Table } from "./table.ts";

/** @throws Problem `not-found` */
export const loadProject = async (table: Table, key: ProjectKey): Promise<ProjectRecord> => {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: keys.project(key), ConsistentRead: true }),
  );
  if (!Item) throw new Problem("not-found", `There is no project ${key.project_id}.`);
  return toProject(Item);
};

/** The tenant's projects that were made before the one named `before`, newest first, read consistently. */
export const listProjects = async (
  table: Table,
  tenant: string,
  { before, limit }: { before: string | null; limit: number },
): Promise<ProjectRecord[]> => {
  const found = await queryIndex(
    table,
    {
      index: "by_tenant",
      hash: lists.projects(tenant),
      range: "<",
      value: before ?? "~",
    },
    limit,
    true,
  );
  const items = await batchGet(table, found);
  return items.map(toProject).sort((a, b) => (a.id < b.id ? 1 : -1));
};

/** The project with its tasks and requests. They may come from different commits: compare the head. */
export const loadScreen = async (table: Table, key: ProjectKey) => {
  const items = await queryAll(table, {
    KeyConditionExpression: "pk = :pk AND sk BETWEEN :from AND :to",
    ExpressionAttributeValues: {
      ":pk": keys.project(key).pk,
      ":from": prefixes.request,
      ":to": `${prefixes.task}\uffff`,
    },
    ConsistentRead: true,
  });
  const kind = (prefix: string) => items.filter((item) => String(item.sk).startsWith(prefix));
  const [project] = kind("PROJECT");
  if (!project) throw new Problem("not-found", `There is no project ${key.project_id}.`);
  return {
    project: toProject(project),
    tasks: kind(prefixes.task).map(toTask),
    requests: kind(prefixes.request).map(toRequest),
  };
};
