import { expect, test } from "vitest";
import { upgrade } from "../../../lib/adapters/dynamodb/schema-versions.ts";

const call = { call_id: "c1", amount: 5, started_at: "2026-11-25T10:00:00.000Z" };
const effect = { key: "1:1:0", what: "", outcome: null };

const unsent = { enqueue_count: 0, enqueued_at: null };
const at = "2026-11-25T10:00:00.000Z";
const chore = { chore: "close_open", chore_since: 41, chore_at: at, updated_at: "later" };
const followUp = { id: "seq-41", kind: "close_open", at, correlation_id: "seq-41" };

const noWrites = { cache_write_input_tokens: 0 };
const sums = { spend: noWrites, by_agent: {}, by_model: {} };

test.each([
  { kind: "tasks", before: { name: "A" }, after: { name: "A", effects: [], ...unsent } },
  { kind: "tasks", before: { effects: ["1:1:0"] }, after: { effects: [effect], ...unsent } },
  {
    kind: "tasks",
    before: { effects: [], sends: 3, told_at: at },
    after: { effects: [], enqueue_count: 3, enqueued_at: at },
  },
  {
    kind: "projects",
    before: { rev: 7, ...chore },
    after: { rev: 7, updated_at: "later", follow_up: followUp, agreed_limits: [] },
  },
  {
    kind: "projects",
    before: { ...chore, chore_at: null, updated_at: at },
    after: { updated_at: at, follow_up: followUp, agreed_limits: [] },
  },
  {
    kind: "projects",
    before: { chore: null, chore_since: 0, chore_at: null },
    after: { follow_up: null, agreed_limits: [] },
  },
  { kind: "ledgers", before: { open: [] }, after: { open: [], ...sums } },
  {
    kind: "ledgers",
    before: { rev: 3, open: [call] },
    after: { rev: 3, open: [{ ...call, state: "reserved", settle_by: call.started_at }], ...sums },
  },
  {
    kind: "ledgers",
    before: { open: [{ ...call, settle_by: null }] },
    after: { open: [{ ...call, state: "reserved", settle_by: call.started_at }], ...sums },
  },
  {
    kind: "ledgers",
    before: { open: [], spend: { cost: 5 }, by_agent: { coder: { cost: 3 } }, by_model: {} },
    after: {
      open: [],
      spend: { cost: 5, ...noWrites },
      by_agent: { coder: { cost: 3, ...noWrites } },
      by_model: {},
    },
  },
  { kind: "requests", before: { kind: "gate" }, after: { kind: "gate", about: null } },
  { kind: "requests", before: { about: null }, after: { about: null } },
  {
    kind: "requests",
    before: { about: "nearly:task:t1:5000000" },
    after: { about: { kind: "nearly", scope: "task", owner: "t1", amount: 5_000_000 } },
  },
  {
    kind: "requests",
    before: { about: "used_up:day:2030-01-01:0" },
    after: { about: { kind: "used_up", scope: "day", owner: "2030-01-01", amount: 0 } },
  },
  {
    kind: "projects",
    before: { name: "A" },
    after: { name: "A", follow_up: null, agreed_limits: [] },
  },
  {
    kind: "projects",
    before: { agreed_limits: ["project:all:25000000", "tenant:all:1"], raised_limits: { a: 1 } },
    after: {
      agreed_limits: [
        { scope: "project", owner: "all", amount: 25_000_000 },
        { scope: "tenant", owner: "all", amount: 1 },
      ],
      follow_up: null,
      raised_limits: { a: 1 },
    },
  },
] as const)(
  "a $kind as it was stored, $before, is read in today's shape",
  ({ kind, before, after }) => {
    expect(upgrade(kind, 1, before)).toEqual(after);
    expect(upgrade(kind, 1, upgrade(kind, 1, before))).toEqual(after);
  },
);
