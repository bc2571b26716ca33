import { GetCommand } from "@aws-sdk/lib-dynamodb";
import type { Page } from "../../contracts/page.ts";
import type { ProjectKey } from "../../domain/common.ts";
import { Problem } from "../../domain/problem.ts";
import type { TaskRecord } from "../../domain/task/task.ts";
import { listRecords } from "./list-records.ts";
import { putAtRevision } from "./put-at-revision.ts";
import { recordItem, recordKey, toRecord } from "./records.ts";
import type { Table } from "./table.ts";

const toTask = (item: Record<string, unknown>) => toRecord("tasks", item);

/** @throws Problem `not-found` */
export const loadTask = async (table: Table, key: ProjectKey, id: string): Promise<TaskRecord> => {
  const { Item } = await table.client.send(
    new GetCommand({
      TableName: table.name,
      Key: recordKey("tasks", key, id),
      ConsistentRead: true,
    }),
  );
  if (!Item) throw new Problem("not-found", `There is no task ${id} in this project.`);
  return toTask(Item);
};

/** Tasks in the order of their creation, after the one named `after`. */
export const listTasks = (
  table: Table,
  key: ProjectKey,
  page: { after: string | null; limit: number },
): Promise<Page<TaskRecord>> => listRecords(table, "tasks", key, page);

/** The newest tasks, oldest first. */
export const newestTasks = async (
  table: Table,
  key: ProjectKey,
  limit: number,
): Promise<TaskRecord[]> => {
  const { items } = await listRecords(table, "tasks", key, { after: null, limit, backwards: true });
  return items.reverse();
};

/**
 * Writes what is no event: a longer lease, or that the task was put into its queue again.
 *
 * @param due when the sweeper has to look at it; null for never
 * @returns false when the task has changed since it was read; then nothing is written
 */
export const touchTask = (
  table: Table,
  tenant: string,
  task: TaskRecord,
  due: string | null,
): Promise<boolean> =>
  putAtRevision(table, recordItem("tasks", { tenant, ...task }, task, due), task.rev);
