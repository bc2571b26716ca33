import { expect, test } from "vitest";
import { upgrade } from "../../../lib/adapters/dynamodb/schema-versions.ts";

const call = { call_id: "c1", amount: 5, started_at: "2026-11-25T10:00:00.000Z" };
const effect = { key: "1:1:0", what: "", outcome: null };

test.each([
  { kind: "tasks", before: { name: "A" }, after: { name: "A", effects: [] } },
  { kind: "tasks", before: { effects: ["1:1:0"] }, after: { effects: [effect] } },
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
