import { expect, test } from "vitest";
import { ledgersOf, limitsOf } from "../../../lib/domain/budget/budget.ts";
import { isOverdue, LedgerRecord, spentAndReserved } from "../../../lib/domain/budget/ledger.ts";
import { limitRef } from "../../../lib/domain/budget/limit.ts";
import { reserveCall } from "../../../lib/domain/budget/reserve-call.ts";
import { settleCall, settleLostCalls } from "../../../lib/domain/budget/settle-call.ts";
import { type Change, setProject } from "../../../lib/domain/change.ts";
import { addMs } from "../../../lib/domain/common.ts";
import { aChange, anId, aWorkingTask, expectSound, now } from "../../support/builders.ts";
import { randomOf } from "../../support/random.ts";

/** What a call is, in a bookkeeping of its own. */
type Booked = {
  id: string;
  task_id: string;
  attempt: number;
  ledgers: string[];
  settle_by: string;
  state: "open" | "over";
  amount: number;
  cost: number;
};

const budgets = { task: 900, project: 2_000, tenant: 2_500, day: 1_200 };
const taskIds = [anId(10), anId(11), anId(12)];

const aWorld = (random: () => number) => ({
  change: aChange({ tasks: taskIds.map((task_id) => aWorkingTask({ task_id })) }) as Change,
  at: now,
  attempts: Object.fromEntries(taskIds.map((id) => [id, 1])) as Record<string, number>,
  calls: [] as Booked[],
  verdicts: { granted: 0, waits: 0, nearly: 0, used_up: 0 },
  upTo: (most: number) => Math.floor(random() * (most + 1)),
  pick: <T>(items: readonly T[]): T | undefined => items[Math.floor(random() * items.length)],
});
type World = ReturnType<typeof aWorld>;

const anyTask = (world: World) => world.pick(taskIds) ?? anId(10);

const reserve = (world: World) => {
  const task_id = anyTask(world);
  const attempt = world.attempts[task_id] ?? 1;
  const id = anId(100 + world.calls.length);
  const minCost = world.upTo(50);
  const fields = { agent_type: "coder", provider: "openai", model: "gpt-5" };
  const planned = {
    state: "planned" as const,
    ...fields,
    call_id: id,
    task_id,
    attempt,
    minCost,
    maxCost: minCost + world.upTo(300),
  };
  const settle_by = addMs(world.at, world.upTo(20) * 3_600_000);
  const times = { now: world.at, settle_by };
  const { change, verdict } = reserveCall(world.change, planned, budgets, times);
  world.change = change;
  world.verdicts[verdict.kind] += 1;
  if (verdict.kind !== "granted") return;
  expect(verdict.amount).toBeGreaterThanOrEqual(planned.minCost);
  expect(verdict.amount).toBeLessThanOrEqual(planned.maxCost);
  const ids = ledgersOf(task_id, world.at);
  for (const { amount: limit, ledger } of limitsOf(change, budgets, { task_id, now: world.at })) {
    expect(spentAndReserved(ledger)).toBeLessThanOrEqual(limit);
  }
  const { amount } = verdict;
  world.calls.push({
    id,
    task_id,
    attempt,
    ledgers: Object.values(ids),
    settle_by,
    state: "open",
    amount,
    cost: 0,
  });
};

/** Of any call, also one that was settled before or taken for lost. */
const settle = (world: World) => {
  const call = world.pick(world.calls);
  if (!call) return;
  const cost = world.upTo(call.amount);
  world.change = settleCall(call.task_id, call.id, {
    outcome: "answered",
    error_code: null,
    estimated: false,
    price: "listed",
    purpose: "answer",
    duration_ms: 1,
    input_tokens: 1,
    cached_input_tokens: 0,
    cache_write_input_tokens: 0,
    output_tokens: 1,
    cost,
  })(world.change);
  if (call.state === "open") Object.assign(call, { state: "over", cost });
};

const lose = (world: World, task_id: string, isLost: (call: Booked) => boolean) => {
  for (const call of world.calls) {
    if (call.task_id === task_id && call.state === "open" && isLost(call))
      Object.assign(call, { state: "over", cost: call.amount });
  }
};

const die = (world: World) => {
  const task_id = anyTask(world);
  world.attempts[task_id] = (world.attempts[task_id] ?? 1) + 1;
  world.change = settleLostCalls(task_id, world.at)(world.change);
  lose(world, task_id, () => true);
};

/** Some calls are taken for lost because of their age. */
const sweep = (world: World) => {
  const task_id = anyTask(world);
  const isLost = (call: Parameters<typeof isOverdue>[0]) => isOverdue(call, world.at);
  world.change = settleLostCalls(task_id, world.at, isLost)(world.change);
  lose(world, task_id, ({ settle_by }) => settle_by <= world.at);
};

const wait = (world: World) => {
  world.at = addMs(world.at, world.upTo(12) * 3_600_000);
};

const agree = (world: World) => {
  const limits = limitsOf(world.change, budgets, { task_id: anyTask(world), now: world.at });
  const picked = world.pick(limits);
  const agreed_limits = [
    ...world.change.project.agreed_limits,
    ...(picked ? [limitRef(picked)] : []),
  ];
  world.change = setProject({ agreed_limits: agreed_limits.slice(-50) })(world.change);
};

const raise = (world: World) => {
  const raised_limits = { [`task:${anyTask(world)}`]: world.upTo(2_000), "project:all": 4_000 };
  world.change = setProject({ raised_limits })(world.change);
};

const moves = [reserve, reserve, reserve, settle, settle, settle, die, sweep, wait, agree, raise];

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);

/** Every ledger holds what its calls come to, and the task's names the open ones. */
const expectBalanced = ({ change, calls }: World) => {
  for (const [id, ledger] of Object.entries(change.ledgers)) {
    const own = calls.filter(({ ledgers }) => ledgers.includes(id));
    const open = own.filter(({ state }) => state === "open");
    const over = own.filter(({ state }) => state === "over");
    expect({ id, reserved: ledger.reserved, cost: ledger.spend.cost }).toEqual({
      id,
      reserved: sum(open.map(({ amount }) => amount)),
      cost: sum(over.map(({ cost }) => cost)),
    });
    expect(ledger.spend.calls).toBe(over.length);
    const named = id.startsWith("task:") ? open.map((call) => call.id) : [];
    expect(ledger.open.map(({ call_id }) => call_id)).toEqual(named);
  }
  expect(change.events.length).toBe(calls.filter(({ state }) => state === "over").length);
};

const verdicts = { granted: 0, waits: 0, nearly: 0, used_up: 0 };

test.each([1, 2, 3, 4, 5, 6])("money is neither lost nor made in any order (seed %i)", (seed) => {
  const random = randomOf(seed);
  const world = aWorld(random);
  for (let step = 0; step < 150; step += 1) {
    world.pick(moves)?.(world);
    expectBalanced(world);
  }
  for (const row of Object.values(world.change.ledgers)) LedgerRecord.parse(row);
  expectSound(world.change);
  for (const kind of ["granted", "waits", "nearly", "used_up"] as const) {
    verdicts[kind] += world.verdicts[kind];
  }
});

test("the walks meet every verdict", () => {
  expect(Math.min(...Object.values(verdicts))).toBeGreaterThan(2);
});
