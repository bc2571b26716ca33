import { expect, test } from "vitest";
import {
  type Budgets,
  budgetQuestion,
  decideBudget,
  type LimitState,
  ledgersOf,
  limitsOf,
} from "../../../lib/domain/budget/budget.ts";
import { emptyLedger, noSpend, spentAndReserved } from "../../../lib/domain/budget/ledger.ts";
import {
  isRaisable,
  type LimitRef,
  limitRef,
  type Scope,
} from "../../../lib/domain/budget/limit.ts";
import { aChange, anId, now } from "../../support/builders.ts";

const none: Budgets = { task: null, project: null, tenant: null, day: null };
const at = { task_id: anId(10), now };
const ids = ledgersOf(anId(10), now);

/** A limit, in the scope of a task where nothing else is said. */
const aLimit = (amount: number, cost: number, reserved = 0, scope: Scope = "task"): LimitState => ({
  scope,
  owner: "all",
  amount,
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

const task = (amount: number): LimitRef => ({ scope: "task", owner: anId(10), amount });
const ofProject = (amount: number): LimitRef => ({ scope: "project", owner: "all", amount });

test.each<{ budgets: Partial<Budgets>; raised?: Record<string, number>; hold: LimitRef[] }>([
  { budgets: {}, hold: [] },
  { budgets: { task: 5 }, hold: [task(5)] },
  { budgets: { task: 0 }, hold: [task(0)] },
  {
    budgets: { task: 5, project: 25, tenant: 1_000, day: 100 },
    hold: [
      task(5),
      ofProject(25),
      { scope: "tenant", owner: "all", amount: 1_000 },
      { scope: "day", owner: "2030-01-01", amount: 100 },
    ],
  },
  { budgets: { task: 5 }, raised: { [`task:${anId(10)}`]: 7 }, hold: [task(7)] },
  { budgets: { task: 5 }, raised: { [`task:${anId(10)}`]: 0 }, hold: [task(0)] },
  { budgets: { task: 5 }, raised: { [`task:${anId(11)}`]: 7 }, hold: [task(5)] },
  { budgets: {}, raised: { "project:all": 30 }, hold: [ofProject(30)] },
])("of $budgets and $raised hold $hold", ({ budgets, raised = {}, hold }) => {
  const change = aChange({ project: { raised_limits: raised } });
  const limits = limitsOf(change, { ...none, ...budgets }, at);
  expect(limits.map(limitRef)).toEqual(hold);
  expect(limits.map(({ ledger }) => spentAndReserved(ledger))).toEqual(hold.map(() => 0));
});

test("a limit comes with what its ledger says", () => {
  const ledger = { ...emptyLedger("project"), reserved: 3 };
  const change = { ...aChange(), ledgers: { project: ledger } };
  expect(limitsOf(change, { ...none, project: 25 }, at)).toMatchObject([{ amount: 25, ledger }]);
});

const call = { minCost: 10, maxCost: 1_000 };

test.each<{ name: string; limits: LimitState[]; agreed?: number; gets: number | string }>([
  { name: "no limit", limits: [], gets: 1_000 },
  { name: "nothing spent", limits: [aLimit(10_000, 0)], gets: 1_000 },
  { name: "just below 90 % with what it needs", limits: [aLimit(10_000, 8_989)], gets: 1_000 },
  { name: "90 % with what it needs", limits: [aLimit(10_000, 8_990)], gets: "nearly" },
  { name: "90 %", limits: [aLimit(10_000, 9_000)], gets: "nearly" },
  { name: "90 %, partly reserved", limits: [aLimit(10_000, 8_000, 1_000)], gets: 1_000 },
  { name: "reserved, and room for all", limits: [aLimit(10_000, 0, 9_000)], gets: 1_000 },
  { name: "reserved, and room for the least", limits: [aLimit(10_000, 0, 9_990)], gets: "waits" },
  { name: "reserved, and room for almost all", limits: [aLimit(10_000, 0, 9_001)], gets: "waits" },
  { name: "reserved to the last", limits: [aLimit(10_000, 0, 10_000)], gets: "waits" },
  { name: "reserved beyond a lowered limit", limits: [aLimit(10_000, 0, 12_000)], gets: "waits" },
  { name: "reserved, and little left", limits: [aLimit(10_000, 8_900, 200)], gets: "waits" },
  { name: "reserved, and 90 % spent", limits: [aLimit(10_000, 9_000, 500)], gets: "nearly" },
  {
    name: "reserved, 90 % spent, agreed",
    limits: [aLimit(10_000, 9_000, 500)],
    agreed: 10_000,
    gets: "waits",
  },
  { name: "reserved, and too little left", limits: [aLimit(10_000, 9_995, 5)], gets: "used_up" },
  { name: "90 %, agreed", limits: [aLimit(10_000, 9_000)], agreed: 10_000, gets: 1_000 },
  {
    name: "90 %, another limit agreed",
    limits: [aLimit(10_000, 9_000)],
    agreed: 9_999,
    gets: "nearly",
  },
  { name: "99 %, agreed", limits: [aLimit(10_000, 9_900)], agreed: 10_000, gets: 100 },
  { name: "room for the least", limits: [aLimit(10_000, 9_990)], agreed: 10_000, gets: 10 },
  { name: "room for less", limits: [aLimit(10_000, 9_991)], agreed: 10_000, gets: "used_up" },
  { name: "100 %", limits: [aLimit(10_000, 10_000)], agreed: 10_000, gets: "used_up" },
  { name: "more than 100 %", limits: [aLimit(10_000, 10_500)], gets: "used_up" },
  { name: "a limit of nothing", limits: [aLimit(0, 0)], gets: "used_up" },
  { name: "a limit below the least", limits: [aLimit(9, 0)], gets: "used_up" },
  { name: "a limit of the least alone", limits: [aLimit(10, 0)], gets: "nearly" },
  {
    name: "several limits: the narrowest",
    limits: [aLimit(10_000, 0), aLimit(500, 0, 0, "project")],
    gets: 500,
  },
  {
    name: "another limit is narrower than what others leave of this one",
    limits: [aLimit(10_000, 0, 9_400), aLimit(500, 0, 0, "project")],
    gets: 500,
  },
  {
    name: "used up in one scope, nearly in another",
    limits: [aLimit(10_000, 9_000), aLimit(500, 500, 0, "project")],
    gets: "used_up",
  },
  {
    name: "used up in one scope, reserved in another",
    limits: [aLimit(10_000, 0, 10_000), aLimit(500, 500, 0, "project")],
    gets: "used_up",
  },
  {
    name: "nearly in one scope, reserved in another",
    limits: [aLimit(10_000, 0, 10_000), aLimit(500, 450, 0, "project")],
    gets: "nearly",
  },
])("$name: $gets", ({ limits, agreed, gets }) => {
  const verdict = decideBudget(limits, call, agreed ? [limitRef(aLimit(agreed, 0))] : []);
  if (typeof gets === "number") expect(verdict).toEqual({ kind: "granted", amount: gets });
  else expect(verdict).toMatchObject({ kind: gets, limit: { scope: expect.any(String) } });
});

test("a call that waits says what it may have when all comes back", () => {
  const limits = [aLimit(10_000, 0, 10_000), aLimit(500, 100, 0, "project")];
  expect(decideBudget(limits, call, [])).toEqual({
    kind: "waits",
    limit: limits[0],
    wanted: { minCost: 10, maxCost: 400 },
  });
});

test("a free call is made below the limit, and not at it", () => {
  const free = { minCost: 0, maxCost: 0 };
  expect(decideBudget([aLimit(100, 50)], free, [])).toEqual({ kind: "granted", amount: 0 });
  for (const limit of [aLimit(100, 100), aLimit(0, 0)]) {
    expect(decideBudget([limit], free, [limit])).toMatchObject({ kind: "used_up" });
  }
});

test("the verdict names the limit that forbids the call", () => {
  const day = aLimit(100, 100, 0, "day");
  expect(decideBudget([aLimit(10_000, 0), day], call, [])).toEqual({
    kind: "used_up",
    limit: day,
    wanted: call,
  });
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
] as const)("a person may raise the limit of a %s: %s", (scope, may) => {
  expect(isRaisable({ scope })).toBe(may);
});
