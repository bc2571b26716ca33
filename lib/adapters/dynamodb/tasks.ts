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

/**
 * Loads a task, with a consistent read.
 *
 * @throws Problem `not-found` when the project has no such task
 */
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

/** Lists a project's tasks in the order of their creation, after the task `after`. */
export const listTasks = (
  table: Table,
  key: ProjectKey,
  page: { after: string | null; limit: number },
): Promise<Page<TaskRecord>> => listRecords(table, "tasks", key, page);

/** Reads the newest `limit` tasks of a project, in the order of their creation. */
export const newestTasks = async (
  table: Table,
  key: ProjectKey,
  limit: number,
): Promise<TaskRecord[]> => {
  const { items } = await listRecords(table, "tasks", key, { after: null, limit, backwards: true });
  return items.reverse();
};

/**
 * Writes a task without an event: its lease was renewed, or it was enqueued again.
 *
 * @param due when the sweeper must look at it; null for never
 * @returns false when the task has changed since it was read; then nothing is written
 */
export const touchTask = (
  table: Table,
  tenant: string,
  task: TaskRecord,
  due: string | null,
): Promise<boolean> =>
  putAtRevision(table, recordItem("tasks", { tenant, ...task }, task, due), task.rev);
