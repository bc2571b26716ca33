import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import type { Page } from "../../contracts/page.ts";
import type { ProjectKey } from "../../domain/common.ts";
import { Problem } from "../../domain/problem.ts";
import type { TaskRecord } from "../../domain/task/task.ts";
import { isInTransaction } from "../errors.ts";
import { taskItem, toTask } from "./items.ts";
import { keys, prefixes } from "./keys.ts";
import { queryRange } from "./query.ts";
import type { Table } from "./table.ts";

/** @throws Problem `not-found` */
export const loadTask = async (table: Table, key: ProjectKey, id: string): Promise<TaskRecord> => {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: keys.task(key, id), ConsistentRead: true }),
  );
  if (!Item) throw new Problem("not-found", `There is no task ${id} in this project.`);
  return toTask(Item);
};

/** Tasks in the order of their creation, after the one named `after`. */
export const listTasks = async (
  table: Table,
  key: ProjectKey,
  { after, limit }: { after: string | null; limit: number },
): Promise<Page<TaskRecord>> => {
  const { items, last } = await queryRange(table, {
    pk: keys.project(key).pk,
    prefix: prefixes.task,
    after: after && keys.task(key, after).sk,
    limit,
  });
  return { items: items.map(toTask), last: last && (last.split("#")[1] ?? null) };
};

/** The newest tasks, oldest first. */
export const newestTasks = async (
  table: Table,
  key: ProjectKey,
  limit: number,
): Promise<TaskRecord[]> => {
  const { pk } = keys.project(key);
  const { items } = await queryRange(table, { pk, prefix: prefixes.task, limit, backwards: true });
  return items.map(toTask).reverse();
};

/**
 * Writes what is no event: a longer lease, a reminder sent. False when the task has changed since it was
 * read; then nothing is written.
 */
export const touchTask = async (
  table: Table,
  tenant: string,
  task: TaskRecord,
  options: { parked?: boolean } = {},
): Promise<boolean> => {
  const { due, due_shard, ...parked } = taskItem(tenant, task, table.remindMs);
  try {
    await table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: options.parked ? parked : { ...parked, due, due_shard },
        ConditionExpression: /* guard: heartbeats do not overwrite */ "rev = :rev",
        ExpressionAttributeValues: { ":rev": task.rev },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException || isInTransaction(error)) return false;
    throw error;
  }
};
