import { expect, test } from "vitest";
import { startTables } from "../../support/emulators.ts";
import { type Case, check, put, remove, runCase, update } from "./transact.ts";

/** Refused as a whole, or cancelled: AWS documents the one, DynamoDB Local does the other. */
const refused = {
  error: expect.stringMatching(/^(TransactionCanceledException|ValidationException)$/),
};

const cases: Case[] = [
  {
    name: "two writes of one item are refused",
    writes: [put("a"), remove("a")],
    answer: { error: "ValidationException" },
    after: [],
  },
  {
    name: "a check and a write of one item are refused",
    writes: [check("a", "attribute_not_exists(pk)"), put("a")],
    answer: { error: "ValidationException" },
    after: [],
  },
  {
    name: "an operand that is missing stops all",
    before: [{ sk: "a", v: 1 }],
    writes: [put("b"), update("a", "SET q = absent + :one", { ":one": 1 })],
    answer: refused,
    after: [{ sk: "a", v: 1 }],
  },
  {
    name: "an operand of the wrong type stops all",
    before: [{ sk: "a", v: "text" }],
    writes: [put("b"), update("a", "SET q = v + :one", { ":one": 1 })],
    answer: refused,
    after: [{ sk: "a", v: "text" }],
  },
  {
    name: "an index key of the wrong type stops all",
    before: [{ sk: "a" }],
    writes: [put("b"), update("a", "SET due_shard = :one", { ":one": 1 })],
    answer: refused,
    after: [{ sk: "a" }],
  },
  {
    name: "an item of more than 400 KB is refused",
    writes: [put("a", { big: "x".repeat(420_000) })],
    answer: { error: "ValidationException" },
    after: [],
  },
  {
    name: "an expression that can't be parsed is refused",
    writes: [put("a", {}, { ConditionExpression: "nonsense((" })],
    answer: { error: "ValidationException" },
    after: [],
  },
  {
    name: "a table that isn't there is refused",
    writes: [put("a"), () => ({ Put: { TableName: "missing", Item: { pk: "p", sk: "b" } } })],
    answer: { error: "ResourceNotFoundException" },
    after: [],
  },
  {
    name: "an item without its sort key stops all",
    writes: [(TableName) => ({ Put: { TableName, Item: { pk: "p" } } })],
    answer: refused,
    after: [],
  },
  {
    name: "a key without its sort key stops all",
    writes: [(TableName) => ({ Delete: { TableName, Key: { pk: "p" } } })],
    answer: refused,
    after: [],
  },
  {
    name: "101 writes are refused",
    writes: Array.from({ length: 101 }, (_, index) => put(`n${index}`)),
    answer: { error: "ValidationException" },
    after: [],
  },
  {
    name: "no write at all is refused",
    writes: [],
    answer: { error: "ValidationException" },
    after: [],
  },
  {
    name: "an empty write is refused",
    writes: [() => ({})],
    answer: { error: "ValidationException" },
    after: [],
  },
];

test.each(cases)("$name", async (platform) => {
  await using stack = await startTables();

  expect(await runCase(stack, platform)).toEqual({
    answer: expect.objectContaining(platform.answer),
    after: platform.after,
  });
});
