import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { isInStep, putTable, rowOf } from "../faults/command/guards-table.ts";
import type { Guard } from "../faults/sets/guards/guard.ts";
import { guards } from "../faults/sets/guards.ts";

const fencing: Guard = { name: "fencing", set: "full", fault: "freeze", places: {} };
const heartbeats: Guard = { name: "heartbeats", set: "watch", places: {} };
const rows = [
  rowOf(fencing, { runs: 58, red: 9 }),
  rowOf(heartbeats, { runs: 169, red: 169 }),
] as const;

const document = (table: string) =>
  `# Reliability\n\n<!-- guards:begin -->\n${table}<!-- guards:end -->\n\nMore.\n`;

const written = document(`| guard | set that catches its absence | runs that go red |
| --- | --- | --- |
| fencing | full: freeze | 9 of 58 |
| heartbeats | watch | 169 of 169 |
`);

test.each([document(""), document("| an old | table |\n"), written])(
  "the table stands between its marks, and nothing else changes",
  (before) => {
    expect(putTable(before, rows)).toBe(written);
  },
);

test("a document without marks is refused", () => {
  expect(() => putTable("# Reliability\n", rows)).toThrow("guards:begin");
});

test.each([
  { given: [fencing, heartbeats], inStep: true },
  { given: [heartbeats, fencing], inStep: false },
  { given: [fencing], inStep: false },
  { given: [fencing, heartbeats, fencing], inStep: false },
  { given: [{ ...fencing, set: "money" as const }, heartbeats], inStep: false },
])("a table is in step with the guards or not: $inStep", ({ given, inStep }) => {
  expect(isInStep(written, given)).toBe(inStep);
});

test("docs/reliability.md has a row for each guard; `npm run test:faults -- --guards` writes it", () => {
  expect(isInStep(readFileSync("docs/reliability.md", "utf8"), guards)).toBe(true);
});
