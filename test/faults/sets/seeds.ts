import { randomOf } from "../../support/random.ts";
import { choicesOf } from "../runs/choices.ts";
import { moneyWorld, randomMoneyRun } from "../runs/money-run.ts";
import { randomRun } from "../runs/random-run.ts";
import { canHappen, type FaultName, faultNames, type Plan } from "../world/faults.ts";
import { beginning, type WorldOptions } from "../world/open-world.ts";
import { type Outcome, runWorld, type Trace } from "./run.ts";

/** Things go wrong for so long; after that everything has to come to its end. */
const troubleMs = 15 * 60_000;
const maxCalls = 6_000;

const troubles = [0, 0.01, 0.02, 0.05, 0.1] as const;

/** How likely it is that something goes wrong with a call. */
const troubleOf = (seed: number): number => choicesOf(randomOf(seed + 3_000_000)).pick(troubles);

/** Every call has the same chance of something going wrong with it. */
const planFor = (seed: number, startMs: number): Plan => {
  const choices = choicesOf(randomOf(seed + 1_000_000));
  const trouble = troubleOf(seed);
  const names = [...faultNames] as [FaultName];
  return (call) => {
    if (!choices.chance(trouble)) return null;
    const fault = choices.pick(names);
    const isOver = call.instance.clock.now().getTime() > startMs + troubleMs;
    return !isOver && canHappen(fault, call) ? fault : null;
  };
};

/** In one world of ten the agents pay for their calls. */
const isAboutMoney = (seed: number) => seed % 10 === 0;

/** Limits that a few calls reach, in dollars: of a task, a project, the tenant and its day. */
const budgetsOf = (seed: number): Record<string, string> => {
  const { between } = choicesOf(randomOf(seed + 4_000_000));
  const [task, project, tenant, day] = [
    [6, 30],
    [10, 60],
    [20, 120],
    [20, 120],
  ].map(([least = 0, most = 0]) => (between(least, most) / 100).toFixed(2)) as [
    string,
    string,
    string,
    string,
  ];
  return {
    BUDGET_TASK_USD: task,
    BUDGET_PROJECT_USD: project,
    BUDGET_TENANT_USD: tenant,
    BUDGET_DAY_USD: day,
  };
};

/** What a seed stands for: how fast the network is, how far clocks and indexes are off, what goes wrong. */
export const worldOf = (seed: number): WorldOptions => {
  const choices = choicesOf(randomOf(seed + 2_000_000));
  const slowest = choices.pick([3, 20, 20, 200, 900]);
  const skew = choices.pick([0, 0, 500, 2_000]);
  const lag = choices.pick([0, 0, 300, 2_000]);
  const money: Omit<WorldOptions, "seed"> = isAboutMoney(seed)
    ? { ...moneyWorld, budgets: budgetsOf(seed) }
    : {};
  return {
    ...money,
    seed,
    plan: planFor(seed, money.startMs ?? beginning),
    latency: (random) => ({
      thereMs: Math.ceil(random() * slowest),
      backMs: Math.floor(random() * slowest),
    }),
    skewMs: (random) => Math.round((random() * 2 - 1) * skew),
    lagMs: (random) => random() * lag,
  };
};

/** Runs the world that a seed stands for. */
export const runSeed = (seed: number, trace?: Trace): Promise<Outcome> =>
  runWorld(
    { ...worldOf(seed), ...(trace && { trace }) },
    isAboutMoney(seed) ? randomMoneyRun : randomRun,
    { maxCalls: maxCalls, peaceful: troubleOf(seed) === 0 },
  );
