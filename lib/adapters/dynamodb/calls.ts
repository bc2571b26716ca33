import type { Page } from "../../contracts/page.ts";
import { type CallRecord, callRecordId } from "../../domain/budget/call-record.ts";
import type { ProjectKey } from "../../domain/common.ts";
import { listRecords } from "./list-records.ts";
import type { Table } from "./table.ts";

/** Reads a page of a task's settled calls in the order in which they were made, after the call `after`. */
export const listCalls = async (
  table: Table,
  key: ProjectKey & { task_id: string },
  { after, limit }: { after: string | null; limit: number },
): Promise<Page<CallRecord>> => {
  const idPrefix = callRecordId({ task_id: key.task_id, call_id: "" });
  const { items, last } = await listRecords(table, "calls", key, {
    idPrefix,
    after: after === null ? null : `${idPrefix}${after}`,
    limit,
  });
  return { items, last: last?.slice(idPrefix.length) ?? null };
};

/** Reads a page of a project's settled calls, task by task, after the record `after`. */
export const listProjectCalls = (
  table: Table,
  key: ProjectKey,
  page: { after: string | null; limit: number },
): Promise<Page<CallRecord>> => listRecords(table, "calls", key, page);
