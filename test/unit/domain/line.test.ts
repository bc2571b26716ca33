import { expect, test } from "vitest";
import { emptyLedger, noSpend, type Waiter } from "../../../lib/domain/budget/ledger.ts";
import {
  answerLine,
  isStillWaiting,
  joinLine,
  leaveLine,
  wakeNext,
} from "../../../lib/domain/budget/line.ts";
import type { Change } from "../../../lib/domain/change.ts";
import { aChange, anId, aWait, decided, now } from "../../support/builders.ts";

/** Wants 10 to 100 of a limit of 1 000. */
const aWaiter = (n: number, fields: Partial<Waiter> = {}): Waiter => ({
  project_id: anId(1),
  task_id: anId(n),
  limit: 1_000,
  minCost: 10,
  maxCost: 100,
  agreed: false,
  ...fields,
});

type Money = { cost?: number; reserved?: number };

const aLine = (waiting: Waiter[], { cost = 0, reserved = 0 }: Money = {}): Change => ({
  ...aChange(),
  ledgers: {
    project: { ...emptyLedger("project"), spend: { ...noSpend, cost }, reserved, waiting },
  },
});

const inLine = ({ ledgers }: Change) =>
  ledgers.project?.waiting.map(({ task_id }) => Number(task_id.slice(-4)));
const wokenIn = ({ woken }: Change) => woken.map(({ task_id }) => Number(task_id.slice(-4)));

const three = [aWaiter(1), aWaiter(2), aWaiter(3)];

test.each<{ name: string; waiting?: Waiter[]; money: Money; woken: number[] }>([
  { name: "nothing came back", money: { reserved: 1_000 }, woken: [] },
  { name: "too little came back", money: { reserved: 901 }, woken: [] },
  { name: "enough for one", money: { reserved: 900 }, woken: [1] },
  { name: "enough for two", money: { reserved: 750 }, woken: [1, 2] },
  { name: "all came back", money: {}, woken: [1, 2, 3] },
  { name: "all have to ask", money: { cost: 895 }, woken: [1, 2, 3] },
  { name: "nobody fits any more: all ask", money: { cost: 995, reserved: 5 }, woken: [1, 2, 3] },
  {
    name: "the first asks, one fits, one waits",
    waiting: [aWaiter(1, { minCost: 60, maxCost: 60 }), aWaiter(2), aWaiter(3)],
    money: { cost: 850, reserved: 40 },
    woken: [1, 2],
  },
  {
    name: "nobody overtakes",
    waiting: [aWaiter(1, { maxCost: 500 }), aWaiter(2, { maxCost: 10 })],
    money: { reserved: 600 },
    woken: [],
  },
  {
    name: "what is left is less than wanted, and nothing is reserved",
    waiting: [aWaiter(1, { agreed: true })],
    money: { cost: 950 },
    woken: [1],
  },
  {
    name: "who was agreed to waits beyond 90 %",
    waiting: [aWaiter(1, { agreed: true })],
    money: { cost: 950, reserved: 30 },
    woken: [],
  },
])("$name: $woken are woken", ({ waiting = three, money, woken }) => {
  const after = decided(aLine(waiting, money), wakeNext("project"));
  expect(wokenIn(after)).toEqual(woken);
  expect(inLine(after)).toEqual(
    waiting.map(({ task_id }) => Number(task_id.slice(-4))).filter((n) => !woken.includes(n)),
  );
  expect(after.changedIds.size).toBe(woken.length > 0 ? 1 : 0);
});

test("the oldest task is the first in line, stands in it once, and may leave it", () => {
  const joined = decided(
    aLine([], { reserved: 1_000 }),
    ...[3, 1, 2, 1].map((n) => joinLine("project", aWaiter(n, { maxCost: 100 + n }))),
  );
  expect(inLine(joined)).toEqual([1, 2, 3]);
  const left = decided(joined, leaveLine({ task_id: anId(2), waiting_for: aWait() }));
  expect(inLine(left)).toEqual([1, 3]);
  const elsewhere = { task_id: anId(1), waiting_for: aWait({ scope: "tenant" }) };
  expect(decided(left, leaveLine(elsewhere))).toBe(left);
});

test("a ledger remembers 500 tasks at the most, the oldest", () => {
  const many = Array.from({ length: 500 }, (_, index) => aWaiter(index + 10));
  const after = decided(aLine(many), joinLine("project", aWaiter(5)));
  expect(inLine(after)).toHaveLength(500);
  expect(inLine(after)?.slice(0, 2)).toEqual([5, 10]);
});

test("an answer counts for the tasks of its project, and wakes who may go on", () => {
  const waiting = [aWaiter(1, { project_id: anId(2) }), aWaiter(2), aWaiter(3)];
  const about = { scope: "project", owner: "all" } as const;
  const raised = decided(aLine(waiting, { cost: 995 }), answerLine(about, { limit: 1_250 }));
  expect(wokenIn(raised)).toEqual([1, 2, 3]);
  const agreed = decided(
    aLine(waiting, { cost: 900, reserved: 40 }),
    answerLine(about, { agreed: true }),
  );
  expect(wokenIn(agreed)).toEqual([1]);
  expect(agreed.ledgers.project?.waiting).toMatchObject([{ agreed: true }, { agreed: true }]);
});

test.each<{
  name: string;
  money: Money;
  task?: number;
  wait?: Parameters<typeof aWait>[0];
  waits: boolean;
}>([
  { name: "all is reserved", money: { reserved: 1_000 }, waits: true },
  { name: "there is room", money: { reserved: 500 }, waits: false },
  { name: "it has to ask", money: { cost: 950 }, waits: false },
  { name: "it was woken", money: { reserved: 1_000 }, task: 9, waits: false },
  {
    name: "its day is over",
    money: { reserved: 1_000 },
    wait: { scope: "day", owner: "2029-12-31" },
    waits: false,
  },
])("the sweeper lets a task wait: $name: $waits", ({ money, task = 1, wait, waits }) => {
  const waiting_for = aWait(wait);
  const change = aLine(three, money);
  expect(isStillWaiting(change, { task_id: anId(task), waiting_for }, now)).toBe(waits);
});
