import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "vitest";
import * as migrations from "../../lib/adapters/dynamodb/migrations.ts";
import { pack, unpack } from "../../lib/adapters/dynamodb/pack.ts";
import { recordKey } from "../../lib/adapters/dynamodb/records.ts";
import { type Migration, upgrade } from "../../lib/adapters/dynamodb/schema-versions.ts";
import type { Table } from "../../lib/adapters/dynamodb/table.ts";
import { type MigrateOptions, migrate } from "../../lib/services/operations/migrate.ts";
import { startTables } from "../support/emulators.ts";

/** Task priorities were words once; today they are numbers from 1 (urgent) to 5. */
const numberPriorities: Migration = {
  kind: "tasks",
  from: 1,
  name: "number-priorities",
  up: (task) => ({ ...task, priority: { urgent: 1, normal: 3, low: 5 }[String(task.priority)] }),
};

const all = [numberPriorities];
const project = { tenant: "local", project_id: "01a00000-0000-7000-8000-000000000000" };

const depsOf = (table: Table, pages: string[] = []) => ({
  name: migrations.migrationName(all),
  loadProgress: (name: string) => migrations.loadProgress(table, name),
  saveProgress: (name: string, progress: Parameters<typeof migrations.saveProgress>[2]) => {
    pages.push(name);
    return migrations.saveProgress(table, name, progress);
  },
  scanItems: (page: Parameters<typeof migrations.scanItems>[1]) =>
    migrations.scanItems(table, page),
  modernize: (item: Record<string, unknown>) => migrations.modernize(item, all),
  rewrite: (before: Record<string, unknown>, after: Record<string, unknown>) =>
    migrations.rewrite(table, before, after),
  now: () => new Date("2030-01-01T00:00:00Z"),
});

const options: MigrateOptions = { dryRun: false, pageSize: 3, maxPages: 100 };

const seed = async (table: Table, count: number) => {
  for (let index = 0; index < count; index += 1) {
    const item = { v: 1, rev: 1, body: pack({ task_id: `${index}`, priority: "urgent" }) };
    await table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: { ...recordKey("tasks", project, `${index}`), ...item },
      }),
    );
  }
};

const read = async (table: Table, id: string) => {
  const { Item } = await table.client.send(
    new GetCommand({
      TableName: table.name,
      Key: recordKey("tasks", project, id),
      ConsistentRead: true,
    }),
  );
  return { v: Item?.v, ...(unpack(Item?.body) as { priority: unknown }) };
};

const open = async () => {
  const tables = await startTables();
  return { table: { client: tables.documentClient, name: tables.tableName }, tables };
};

test("a dry run counts and writes nothing", async () => {
  const { table, tables } = await open();
  await using _ = tables;
  await seed(table, 4);
  const progress = await migrate(depsOf(table), { ...options, dryRun: true });
  expect(progress).toMatchObject({ state: "done", rewritten: 4 });
  expect(await read(table, "0")).toMatchObject({ v: 1, priority: "urgent" });
  expect(await migrations.loadProgress(table, migrations.migrationName(all))).toBeNull();
});

test("a rewrite that is stopped goes on where it was, and is recorded", async () => {
  const { table, tables } = await open();
  await using _ = tables;
  await seed(table, 10);
  const first = await migrate(depsOf(table), { ...options, maxPages: 2 });
  expect(first).toMatchObject({ state: "running", rewritten: 6 });
  const second = await migrate(depsOf(table), options);
  expect(second).toMatchObject({ state: "done", rewritten: 10 });
  expect(await read(table, "9")).toMatchObject({ v: 2, priority: 1 });
  expect(await migrations.loadProgress(table, migrations.migrationName(all))).toEqual(second);
  const pages: string[] = [];
  await migrate(depsOf(table, pages), options);
  expect(pages).toEqual([]);
});

test("an item that was changed meanwhile is left alone", async () => {
  const { table, tables } = await open();
  await using _ = tables;
  await seed(table, 1);
  const deps = depsOf(table);
  const changed = {
    ...recordKey("tasks", project, "0"),
    v: 2,
    rev: 2,
    body: pack({ priority: 5 }),
  };
  const racing = {
    ...deps,
    modernize: (item: Record<string, unknown>) => deps.modernize(item),
    rewrite: async (before: Record<string, unknown>, after: Record<string, unknown>) => {
      await table.client.send(new PutCommand({ TableName: table.name, Item: changed }));
      return deps.rewrite(before, after);
    },
  };
  expect(await migrate(racing, options)).toMatchObject({ rewritten: 0 });
  expect(await read(table, "0")).toMatchObject({ v: 2, priority: 5 });
});

test("reads bring an old record to today's shape before anything is rewritten", () => {
  expect(upgrade("tasks", 1, { priority: "low" }, all)).toEqual({ priority: 5 });
  expect(upgrade("tasks", 2, { priority: 4 }, all)).toEqual({ priority: 4 });
  expect(upgrade("projects", 1, { name: "x" }, all)).toEqual({ name: "x" });
});
