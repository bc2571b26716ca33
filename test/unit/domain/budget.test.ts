import { expect, test } from "vitest";
import {
  type Budgets,
  budgetQuestion,
  decideBudget,
  isRaisable,
  type Limit,
  ledgersOf,
  limitsOf,
  type Scope,
} from "../../../lib/domain/budget/budget.ts";
import { committed, emptyLedger, noSpend } from "../../../lib/domain/budget/ledger.ts";
import { aChange, anId, now } from "../../support/builders.ts";

const none: Budgets = { task: null, project: null, tenant: null, day: null };
const ids = ledgersOf(anId(10), now);

/** A limit, in the scope of a task where nothing else is said. */
const aLimit = (limit: number, cost: number, reserved = 0, scope: Scope = "task"): Limit => ({
  scope,
  name: `${scope}:all:${limit}`,
  limit,
  ledger: { ...emptyLedger(ids[scope]), spend: { ...noSpend, cost }, reserved },
});

test("a call counts in four ledgers", () => {
  expect(ids).toEqual({
    task: `task:${anId(10)}`,
    project: "project",
    tenant: "tenant",
    day: "day:2030-01-01",
  });
});

test.each<{ budgets: Partial<Budgets>; raised?: Record<string, number>; names: string[] }>([
  { budgets: {}, names: [] },
  { budgets: { task: 5 }, names: [`task:${anId(10)}:5`] },
  { budgets: { task: 0 }, names: [`task:${anId(10)}:0`] },
  {
    budgets: { task: 5, project: 25, tenant: 1_000, day: 100 },
    names: [`task:${anId(10)}:5`, "project:all:25", "tenant:all:1000", "day:2030-01-01:100"],
  },
  { budgets: { task: 5 }, raised: { [`task:${anId(10)}`]: 7 }, names: [`task:${anId(10)}:7`] },
  { budgets: { task: 5 }, raised: { [`task:${anId(10)}`]: 0 }, names: [`task:${anId(10)}:0`] },
  { budgets: { task: 5 }, raised: { [`task:${anId(11)}`]: 7 }, names: [`task:${anId(10)}:5`] },
  { budgets: {}, raised: { "project:all": 30 }, names: ["project:all:30"] },
])("of $budgets and $raised hold $names", ({ budgets, raised = {}, names }) => {
  const change = aChange({ project: { raised_limits: raised } });
  const limits = limitsOf(change, { ...none, ...budgets }, ids);
  expect(limits.map(({ name }) => name)).toEqual(names);
  expect(limits.map(({ ledger }) => committed(ledger))).toEqual(names.map(() => 0));
});

test("a limit comes with what its ledger says", () => {
  const ledger = { ...emptyLedger("project"), reserved: 3 };
  const change = { ...aChange(), ledgers: { project: ledger } };
  expect(limitsOf(change, { ...none, project: 25 }, ids)).toMatchObject([{ limit: 25, ledger }]);
});

const call = { least: 10, most: 1_000 };

test.each([
  { name: "no limit", limits: [], gets: 1_000 },
  { name: "nothing spent", limits: [aLimit(10_000, 0)], gets: 1_000 },
  { name: "89.99 %", limits: [aLimit(10_000, 8_999)], gets: 1_000 },
  { name: "89.99 %, partly reserved", limits: [aLimit(10_000, 8_000, 999)], gets: 1_000 },
  { name: "90 %", limits: [aLimit(10_000, 9_000)], gets: "nearly" },
  { name: "90 %, partly reserved", limits: [aLimit(10_000, 8_000, 1_000)], gets: "nearly" },
  { name: "90 %, agreed", limits: [aLimit(10_000, 9_000)], agreed: "task:all:10000", gets: 1_000 },
  {
    name: "90 %, another limit agreed",
    limits: [aLimit(10_000, 9_000)],
    agreed: "task:all:9999",
    gets: "nearly",
  },
  { name: "99 %, agreed", limits: [aLimit(10_000, 9_900)], agreed: "task:all:10000", gets: 100 },
  {
    name: "room for the least",
    limits: [aLimit(10_000, 9_990)],
    agreed: "task:all:10000",
    gets: 10,
  },
  {
    name: "room for less",
    limits: [aLimit(10_000, 9_991)],
    agreed: "task:all:10000",
    gets: "used_up",
  },
  { name: "100 %", limits: [aLimit(10_000, 10_000)], agreed: "task:all:10000", gets: "used_up" },
  { name: "more than 100 %", limits: [aLimit(10_000, 10_500)], gets: "used_up" },
  { name: "reserved to the last", limits: [aLimit(10_000, 0, 10_000)], gets: "used_up" },
  { name: "a limit of nothing", limits: [aLimit(0, 0)], gets: "used_up" },
  { name: "a limit below the least", limits: [aLimit(9, 0)], gets: "used_up" },
  {
    name: "several limits: the narrowest",
    limits: [aLimit(10_000, 0), aLimit(500, 0, 0, "project")],
    gets: 500,
  },
  {
    name: "used up in one scope, nearly in another",
    limits: [aLimit(10_000, 9_000), aLimit(500, 500, 0, "project")],
    gets: "used_up",
  },
])("$name: $gets", ({ limits, agreed, gets }) => {
  const verdict = decideBudget(limits, call, agreed ? [agreed] : []);
  if (typeof gets === "number") expect(verdict).toEqual({ kind: "granted", amount: gets });
  else expect(verdict).toMatchObject({ kind: gets, limit: { scope: expect.any(String) } });
});

test("a free call is made below the limit, and not at it", () => {
  const free = { least: 0, most: 0 };
  expect(decideBudget([aLimit(100, 50)], free, [])).toEqual({ kind: "granted", amount: 0 });
  for (const limit of [aLimit(100, 100), aLimit(0, 0)]) {
    expect(decideBudget([limit], free, [limit.name])).toMatchObject({ kind: "used_up" });
  }
});

test("the verdict names the limit that forbids the call", () => {
  const day = aLimit(100, 100, 0, "day");
  expect(decideBudget([aLimit(10_000, 0), day], call, [])).toEqual({ kind: "used_up", limit: day });
});

test.each([
  {
    kind: "nearly",
    limit: aLimit(5_000_000, 4_500_000),
    says: "Of the $5.00 for this task, $4.50 are spent. May the work go on up to the limit? Amend with an amount in dollars to set a new limit.",
  },
  {
    kind: "used_up",
    limit: aLimit(25_000_000, 24_000_000, 1_000_000, "project"),
    says: "Of the $25.00 for this project, $24.00 are spent and $1.00 reserved by calls under way. Nothing more is called: the next call would go over it. Try again? Amend with an amount in dollars to set a new limit.",
  },
  {
    kind: "nearly",
    limit: aLimit(1_000_000_000, 900_000_000, 0, "tenant"),
    says: "Of the $1000.00 for the whole account, $900.00 are spent. May the work go on up to the limit? Its limit is set by the operator.",
  },
  {
    kind: "used_up",
    limit: aLimit(0, 0, 0, "day"),
    says: "Of the $0.00 for the account for today, $0.00 are spent. Nothing more is called: the next call would go over it. Try again? Its limit is set by the operator.",
  },
] as const)("the question about $limit.scope, $kind", ({ kind, limit, says }) => {
  expect(budgetQuestion(kind, limit)).toBe(says);
});

test.each([
  ["task", true],
  ["project", true],
  ["tenant", false],
  ["day", false],
  ["everything", undefined],
] as const)("a person may raise the limit of a %s: %s", (scope, may) => {
  expect(isRaisable(scope as Scope)).toBe(may);
});
