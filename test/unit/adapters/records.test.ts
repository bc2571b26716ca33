import { expect, test } from "vitest";
import { dueItemOf } from "../../../lib/adapters/dynamodb/due.ts";
import { keys } from "../../../lib/adapters/dynamodb/keys.ts";
import { modernize } from "../../../lib/adapters/dynamodb/migrations.ts";
import { recordItem, recordKey, toRecord } from "../../../lib/adapters/dynamodb/records.ts";
import type { Migration } from "../../../lib/adapters/dynamodb/schema-versions.ts";
import { emptyLedger } from "../../../lib/domain/budget/ledger.ts";
import { kindNames, kindOf, type RecordOf } from "../../../lib/domain/records.ts";
import { aCallRecord, anArtifact, anId, aRequest, aTask, now } from "../../support/builders.ts";

const key = { tenant: "local", project_id: anId(1) };

/** One record of each kind. A new kind needs a row. */
const examples: { [K in (typeof kindNames)[number]]: RecordOf<K> } = {
  tasks: aTask(),
  requests: aRequest(),
  artifacts: anArtifact(),
  ledgers: emptyLedger("task:x"),
  calls: aCallRecord(),
};

test.each(kindNames)("a record of %s comes back as it was put, one revision on", (kind) => {
  const record = examples[kind];
  const item = recordItem(kind, key, record, now);
  expect(toRecord(kind, item)).toEqual({ ...record, rev: record.rev + 1 });
  expect(item).toMatchObject(recordKey(kind, key, kindOf(kind).idOf(record)));
});

test.each(kindNames)("a record of %s that is due is found by its kind and id", (kind) => {
  const id = kindOf(kind).idOf(examples[kind]);
  expect(dueItemOf(recordKey(kind, key, id))).toEqual({ kind, ...key, id });
});

test.each(kindNames)("a record of %s is migrated by its kind", (kind) => {
  const item = recordItem(kind, key, examples[kind], null);
  const migration: Migration = {
    kind,
    from: item.v,
    name: "mark",
    up: (record) => ({ ...record, marked: true }),
  };
  const before = Array.from({ length: item.v - 1 }, () => ({ ...migration, up: () => ({}) }));
  expect(modernize(item, [...before, migration])).toMatchObject({ v: item.v + 1 });
  expect(modernize(item, [...before, { ...migration, kind: "events" }])).toBeNull();
});

test("what is due and is no record is told apart; a key that nobody knows is not lost", () => {
  expect(dueItemOf(keys.project(key))).toEqual({ kind: "projects", ...key });
  expect(dueItemOf(keys.connection("local", "c1"))).toEqual({
    kind: "connections",
    tenant: "local",
    id: "c1",
  });
  const strange = { pk: keys.project(key).pk, sk: "WEBHOOK#1" };
  expect(dueItemOf(strange)).toEqual({ kind: "unknown", ...strange });
});
