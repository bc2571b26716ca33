import { BatchGetCommand } from "@aws-sdk/lib-dynamodb";
import { maxBatchGetKeys } from "../../contracts/limits.ts";
import { emptyLedger } from "../../domain/budget/ledger.ts";
import { type Change, type Needs, startChange } from "../../domain/change.ts";
import type { ProjectKey } from "../../domain/common.ts";
import { Problem } from "../../domain/problem.ts";
import { toArtifact, toLedger, toProject, toRequest, toTask } from "./items.ts";
import { type Key, keys } from "./keys.ts";
import type { Table } from "./table.ts";

type Items = Record<string, unknown>[];

/** Reads items, a hundred a call; what the table leaves unprocessed is asked for again. */
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

const readers = {
  TASK: (item: Record<string, unknown>) => ({ tasks: toTask(item) }),
  HITL: (item: Record<string, unknown>) => ({ requests: toRequest(item) }),
  ARTIFACT: (item: Record<string, unknown>) => ({ artifacts: toArtifact(item) }),
  LEDGER: (item: Record<string, unknown>) => ({ ledgers: toLedger(item) }),
} as const;

const addItem = (change: Change, item: Record<string, unknown>): Change => {
  const [prefix, id = ""] = String(item.sk).split("#");
  const reader = readers[prefix as keyof typeof readers];
  if (!reader) return change;
  const [[room, record] = []] = Object.entries(reader(item));
  const known = change[room as "tasks"];
  return { ...change, [room as "tasks"]: { ...known, [id]: record } };
};

const keysOf = (key: ProjectKey, needs: Needs): Key[] => [
  ...(needs.tasks ?? []).map((id) => keys.task(key, id)),
  ...(needs.requests ?? []).map((id) => keys.request(key, id)),
  ...(needs.artifacts ?? []).map((id) => keys.artifact(key, id)),
  ...(needs.ledgers ?? []).map((id) => keys.ledger(key, id)),
];

const withLedgers = (change: Change, { ledgers = [] }: Needs): Change => ({
  ...change,
  ledgers: {
    ...Object.fromEntries(ledgers.map((id) => [id, emptyLedger(id)])),
    ...change.ledgers,
  },
});

/**
 * A project with the named items, read consistently in one call. What does not exist is simply absent.
 *
 * @throws Problem `not-found` when there is no such project for this tenant
 */
export const loadChange = async (table: Table, key: ProjectKey, needs: Needs): Promise<Change> => {
  const items = await batchGet(table, [keys.project(key), ...keysOf(key, needs)]);
  const project = items.find((item) => item.sk === "PROJECT");
  if (!project) throw new Problem("not-found", `There is no project ${key.project_id}.`);
  const change = items.reduce(addItem, startChange(key.tenant, toProject(project)));
  return withLedgers(change, needs);
};

/** The change with more items, for a decision whose needs depend on what was read first. */
export const loadMore = async (table: Table, change: Change, needs: Needs): Promise<Change> => {
  const key = { tenant: change.tenant, project_id: change.project.id };
  const wanted = keysOf(key, needs);
  if (wanted.length === 0) return change;
  return withLedgers((await batchGet(table, wanted)).reduce(addItem, change), needs);
};
