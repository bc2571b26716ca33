import type { Page } from "../../contracts/page.ts";
import type { ProjectKey } from "../../domain/common.ts";
import type { RecordKind, RecordOf } from "../../domain/records.ts";
import { keys, parseSortKey } from "./keys.ts";
import { queryRange } from "./query.ts";
import { prefixOf, readEach, recordKey, toRecord } from "./records.ts";
import type { Table } from "./table.ts";

type Range = {
  /** Only records whose ids begin with this. */
  idPrefix?: string;
  /** The page starts after this id, in the direction of reading; null for the first page. */
  after: string | null;
  limit: number;
  /** Newest first. */
  backwards?: boolean;
};

/** Reads a page of a project's records of one kind, in the order of their ids, which is the order of their creation. */
export const listRecords = async <K extends RecordKind>(
  table: Table,
  kind: K,
  key: ProjectKey,
  { idPrefix = "", after, limit, backwards = false }: Range,
): Promise<Page<RecordOf<K>>> => {
  const { items, last } = await queryRange(table, {
    pk: keys.project(key).pk,
    prefix: `${prefixOf(kind)}${idPrefix}`,
    after: after && recordKey(kind, key, after).sk,
    limit,
    backwards,
  });
  return {
    items: readEach(table, items, (item) => toRecord(kind, item)),
    last: last && parseSortKey(last).id,
  };
};
