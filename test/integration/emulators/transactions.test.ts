import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { startTables } from "../../support/emulators.ts";
import {
  type Case,
  cancelled,
  check,
  conditionFailed,
  contents,
  indexed,
  isAbsent,
  isThere,
  none,
  put,
  remove,
  runCase,
  showOld,
  transact,
  update,
} from "./transact.ts";

const cases: Case[] = [
  {
    name: "put, update of a new item, delete and check commit together",
    before: [
      { sk: "old", v: 1 },
      { sk: "there", v: 1 },
    ],
    writes: [
      put("new", { v: 1 }, isAbsent),
      update("counter", "SET v = if_not_exists(v, :zero) + :one", { ":zero": 0, ":one": 1 }),
      remove("old", {
        ConditionExpression: "v = :one",
        ExpressionAttributeValues: { ":one": 1 },
      }),
      check("missing", "attribute_not_exists(pk)"),
      check("there", "attribute_exists(pk)"),
    ],
    answer: "committed",
    after: [
      { sk: "counter", v: 1 },
      { sk: "new", v: 1 },
      { sk: "there", v: 1 },
    ],
  },
  {
    name: "one failed condition keeps everything as it was",
    before: [
      { sk: "a", v: 1 },
      { sk: "b", v: 1 },
    ],
    writes: [
      put("new"),
      update("a", "SET v = v + :ten", { ":ten": 10 }),
      remove("b"),
      put("c", {}, isThere),
    ],
    answer: cancelled(none, none, none, conditionFailed),
    after: [
      { sk: "a", v: 1 },
      { sk: "b", v: 1 },
    ],
  },
  {
    name: "the reasons stand in the order of the writes, the old item only where it was asked for",
    before: [
      { sk: "a", v: 1 },
      { sk: "b", v: 2 },
    ],
    writes: [
      put("a", {}, isAbsent),
      put("c"),
      put("b", {}, { ...isAbsent, ...showOld }),
      check("missing", "attribute_exists(pk)", showOld),
    ],
    answer: cancelled(
      conditionFailed,
      none,
      { ...conditionFailed, Item: { pk: { S: "p" }, sk: { S: "b" }, v: { N: "2" } } },
      conditionFailed,
    ),
    after: [
      { sk: "a", v: 1 },
      { sk: "b", v: 2 },
    ],
  },
  {
    name: "a failed check shows the old item",
    before: [{ sk: "a", v: 1 }],
    writes: [
      check("a", "v > :five", { ExpressionAttributeValues: { ":five": 5 }, ...showOld }),
      put("b"),
    ],
    answer: cancelled(
      { ...conditionFailed, Item: { pk: { S: "p" }, sk: { S: "a" }, v: { N: "1" } } },
      none,
    ),
    after: [{ sk: "a", v: 1 }],
  },
  {
    name: "a failed update and a failed delete show the old items",
    before: [
      { sk: "a", v: 1 },
      { sk: "b", v: 2 },
    ],
    writes: [
      update(
        "a",
        "SET v = :nine",
        { ":nine": 9, ":other": 77 },
        { ConditionExpression: "v = :other", ...showOld },
      ),
      remove("b", {
        ConditionExpression: "v = :other",
        ExpressionAttributeValues: { ":other": 77 },
        ...showOld,
      }),
    ],
    answer: cancelled(
      { ...conditionFailed, Item: { pk: { S: "p" }, sk: { S: "a" }, v: { N: "1" } } },
      { ...conditionFailed, Item: { pk: { S: "p" }, sk: { S: "b" }, v: { N: "2" } } },
    ),
    after: [
      { sk: "a", v: 1 },
      { sk: "b", v: 2 },
    ],
  },
];

test.each(cases)("$name", async (platform) => {
  await using stack = await startTables();

  expect(await runCase(stack, platform)).toEqual({
    answer: platform.answer,
    after: platform.after,
  });
});

test("a hundred writes commit", async () => {
  await using stack = await startTables();
  const writes = Array.from({ length: 100 }, (_, index) => put(`n${index}`));

  expect(await transact(stack, writes)).toBe("committed");

  expect(await contents(stack)).toHaveLength(100);
});

test("an index follows the commit and not the cancelled transaction", async () => {
  await using stack = await startTables();
  const due = { due_shard: "shard", due: "2030" };

  await transact(stack, [put("kept", due)]);
  await transact(stack, [put("lost", due), put("x", {}, isThere)]);
  await transact(stack, [update("kept", "SET due = :later", { ":later": "2031" })]);

  expect(await indexed(stack)).toEqual(["kept"]);
});

const increment = update("counter", "ADD v :one", { ":one": 1 });

test("the same client request token applies the same request once", async () => {
  await using stack = await startTables();
  const token = { ClientRequestToken: randomUUID() };

  expect(await transact(stack, [increment], token)).toBe("committed");
  expect(await transact(stack, [increment], token)).toBe("committed");

  expect(await contents(stack)).toEqual([{ sk: "counter", v: 1 }]);
});

test("the same client request token refuses another request", async () => {
  await using stack = await startTables();
  const token = { ClientRequestToken: randomUUID() };
  await transact(stack, [increment], token);

  expect(await transact(stack, [put("other")], token)).toEqual({
    error: "IdempotentParameterMismatchException",
  });

  expect(await contents(stack)).toEqual([{ sk: "counter", v: 1 }]);
});

test("the token of a cancelled transaction can be used again", async () => {
  await using stack = await startTables();
  const token = { ClientRequestToken: randomUUID() };

  expect(await transact(stack, [put("a", {}, isThere)], token)).toEqual(cancelled(conditionFailed));
  await transact(stack, [put("a", { v: 1 })]);
  expect(await transact(stack, [put("a", {}, isThere)], token)).toBe("committed");

  expect(await contents(stack)).toEqual([{ sk: "a" }]);
});
