import { GetCommand } from "@aws-sdk/lib-dynamodb";
import type { Page } from "../../contracts/page.ts";
import type { ProjectKey } from "../../domain/common.ts";
import { Problem } from "../../domain/problem.ts";
import type { RequestRecord } from "../../domain/request/request.ts";
import { beforeAllIds, keys, lists, parseSortKey } from "./keys.ts";
import { listRecords } from "./list-records.ts";
import { batchGet } from "./load-change.ts";
import { countIndex, queryIndex, splitPage } from "./query.ts";
import { readEach, recordKey, toRecord } from "./records.ts";
import type { Table } from "./table.ts";

const toRequest = (item: Record<string, unknown>) => toRecord("requests", item);

/** Where a request is stored. */
export type RequestPlace = ProjectKey & { task_id: string };

/**
 * Finds where a request is stored, by its id alone. The pointer never changes, so an eventually consistent read comes first; a
 * consistent one follows only when that finds nothing.
 *
 * @throws Problem `not-found` when the tenant has no such request
 */
export const findRequest = async (
  table: Table,
  tenant: string,
  id: string,
): Promise<RequestPlace> => {
  for (const ConsistentRead of [false, true]) {
    const { Item } = await table.client.send(
      new GetCommand({
        TableName: table.name,
        Key: keys.requestPointer(tenant, id),
        ConsistentRead,
      }),
    );
    if (Item) return { tenant, project_id: String(Item.project_id), task_id: String(Item.task_id) };
  }
  throw new Problem("not-found", `There is no request ${id}.`);
};

/**
 * Loads a request by its id alone, with a consistent read.
 *
 * @throws Problem `not-found` when the tenant has no such request
 */
export const loadRequest = async (
  table: Table,
  tenant: string,
  id: string,
): Promise<RequestRecord> => {
  const place = await findRequest(table, tenant, id);
  const { Item } = await table.client.send(
    new GetCommand({
      TableName: table.name,
      Key: recordKey("requests", place, id),
      ConsistentRead: true,
    }),
  );
  if (!Item) throw new Problem("not-found", `There is no request ${id}.`);
  return toRequest(Item);
};

/** Lists a project's requests that were created before the request `before`, newest first. */
export const listRequests = (
  table: Table,
  key: ProjectKey,
  { before, limit }: { before: string | null; limit: number },
): Promise<Page<RequestRecord>> =>
  listRecords(table, "requests", key, { after: before, limit, backwards: true });

const byId = (a: RequestRecord, b: RequestRecord) => (a.request_id < b.request_id ? -1 : 1);

/**
 * Lists the tenant's pending requests after the request `after`, oldest first. The index may lag; the requests are read
 * consistently.
 */
export const listPending = async (
  table: Table,
  tenant: string,
  { after, limit }: { after: string | null; limit: number },
): Promise<Page<RequestRecord>> => {
  const entries = await queryIndex(
    table,
    { index: "by_tenant", hash: lists.pending(tenant), range: ">", value: after ?? beforeAllIds },
    limit + 1,
    false,
  );
  const { page, more } = splitPage(entries, limit);
  const items = readEach(table, await batchGet(table, page), toRequest);
  return {
    items: items.filter(({ status }) => status === "pending").sort(byId),
    last: more ? parseSortKey(page.at(-1)?.sk ?? "").id : null,
  };
};

/** Counts the tenant's pending requests in the index, which may lag. */
export const countPending = (table: Table, tenant: string) =>
  countIndex(table, lists.pending(tenant));
