import { expect, test } from "vitest";
import { upgrade } from "../../../lib/adapters/dynamodb/schema-versions.ts";

const call = { call_id: "c1", amount: 5, started_at: "2026-11-25T10:00:00.000Z" };
const effect = { key: "1:1:0", what: "", outcome: null };

const unsent = { enqueue_count: 0, enqueued_at: null };
const at = "2026-11-25T10:00:00.000Z";
const chore = { chore: "close_open", chore_since: 41, chore_at: at, updated_at: "later" };
const followUp = { id: "seq-41", kind: "close_open", at, correlation_id: "seq-41" };

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
    after: { rev: 7, updated_at: "later", follow_up: followUp },
  },
  {
    kind: "projects",
    before: { ...chore, chore_at: null, updated_at: at },
    after: { updated_at: at, follow_up: followUp },
  },
  {
    kind: "projects",
    before: { chore: null, chore_since: 0, chore_at: null },
    after: { follow_up: null },
  },
  { kind: "ledgers", before: { open: [] }, after: { open: [] } },
  {
    kind: "ledgers",
    before: { rev: 3, open: [call] },
    after: { rev: 3, open: [{ ...call, settle_by: call.started_at }] },
  },
  {
    kind: "ledgers",
    before: { open: [{ ...call, settle_by: null }] },
    after: { open: [{ ...call, settle_by: call.started_at }] },
  },
] as const)(
  "a $kind as it was stored, $before, is read in today's shape",
  ({ kind, before, after }) => {
    expect(upgrade(kind, 1, before)).toEqual(after);
    expect(upgrade(kind, 1, upgrade(kind, 1, before))).toEqual(after);
  },
);
