import { commandsRun } from "../runs/commands-run.ts";
import { fullRun } from "../runs/full-run.ts";
import { moneyRun, moneyWorld } from "../runs/money-run.ts";
import { neighbour } from "../runs/neighbour-run.ts";
import { watchRun } from "../runs/watch-run.ts";
import type { Call } from "../world/calls.ts";
import { canHappen, type FaultName, faultNames, planOf, stalls } from "../world/faults.ts";
import type { WorldOptions } from "../world/open-world.ts";
import { type Outcome, type Run, runWorld, type Trace } from "./run.ts";

const landings = faultNames.filter((name) => name.startsWith("lands"));

/** What a call can meet: that its process ends, that it gets no answer, or has its effect all the same. */
const endings: readonly FaultName[] = [
  "kill before",
  "kill after",
  "fail all",
  "lose all",
  ...landings,
];

const except = (...left: readonly FaultName[]) => faultNames.filter((name) => !left.includes(name));

/** How wide a set is: what `npm test` runs, what CI adds to it, and the whole of it for the night. */
export type Width = "test" | "ci" | "night";

type Spots = {
  run: Run;
  faults: readonly FaultName[];
  where: (call: Call) => boolean;
  /** Nothing is lost by these faults. */
  peaceful: boolean;
  world?: Omit<WorldOptions, "seed">;
  /** Of the points with a fault, CI runs one in so many; `npm test` one of each kind. */
  oneIn: (fault: FaultName) => number;
};

/**
 * What lasts for one try is cured by the SDK's next one, and the code under test only waits longer; and when all tries are
 * throttled, that is `fail all` by another name.
 */
const isLikeOthers = (fault: FaultName) => ["fail", "throttle", "throttle all"].includes(fault);

/** What a process does not live to mend, in CI at every call; what it does, at every second one. */
const isFatal = (fault: FaultName) => ["kill before", "kill after", "freeze"].includes(fault);

const oneInByCi = (fault: FaultName): number => {
  if (isLikeOthers(fault)) return 8;
  return isFatal(fault) ? 1 : 2;
};

const anywhere = () => true;

/** The runs in which one fault, or a few, are put at chosen calls, and which faults these are. */
const runs = {
  /** Six phases with three gates, watched. */
  full: {
    run: fullRun,
    faults: except(...stalls, ...landings),
    where: anywhere,
    peaceful: false,
    oneIn: oneInByCi,
  },
  /** Each command of the API that changes something; the workers have their faults in the full run. */
  commands: {
    run: commandsRun,
    faults: endings,
    where: ({ instance }) => !instance.name.startsWith("worker"),
    peaceful: false,
    oneIn: () => 2,
  },
  /** Agents that pay for their calls, in two projects that share the tenant's money, while one day ends. */
  money: {
    run: moneyRun,
    faults: [...endings, "freeze", "conflict"],
    where: ({ instance }) => instance.name.startsWith("worker"),
    peaceful: false,
    world: moneyWorld,
    oneIn: () => 4,
  },
  /** People who begin to watch, and never ask: nothing is lost on the way, so they have to see everything. */
  watch: {
    run: watchRun,
    faults: stalls,
    where: ({ instance }) => !instance.tenants?.includes(neighbour),
    peaceful: true,
    oneIn: () => 1,
  },
} as const satisfies Record<string, Spots>;

export type RunName = keyof typeof runs;
export const runNames = Object.keys(runs) as RunName[];

/** One fault at one call. */
export type Point = { n: number; fault: FaultName };

/** A run with a fault in it may take so many calls more than one without. */
const extraCalls = 400;
const seed = 1;

/** The last sweeps find nothing. */
const isSweep = ({ instance }: Call) => instance.name.startsWith("sweeper");

const recordCalls = async (name: RunName, points: readonly Point[] = []) => {
  const calls: Call[] = [];
  const plan = planOf(points);
  const record = (call: Call) => {
    if (call.attempt === 1 && !isSweep(call)) calls.push(call);
    return plan(call);
  };
  const { run, world }: Spots = runs[name];
  const { problems } = await runWorld({ ...world, seed, plan: record }, run, {
    maxCalls: 1_500,
    peaceful: points.length === 0,
  });
  if (problems.length > 0) throw new Error(`${name}: ${problems.join("; ")}`);
  return calls;
};

const peaceful = new Map<RunName, Promise<readonly Call[]>>();

/** The calls of a run in which nothing goes wrong. */
const callsOf = (name: RunName): Promise<readonly Call[]> => {
  const calls = peaceful.get(name) ?? recordCalls(name);
  peaceful.set(name, calls);
  return calls;
};

/** Every fault that can happen at every call of a run. */
export const pointsIn = async (name: RunName): Promise<Point[]> =>
  (await callsOf(name))
    .filter(runs[name].where)
    .flatMap((call) =>
      runs[name].faults
        .filter((fault) => canHappen(fault, call))
        .map((fault) => ({ n: call.n, fault })),
    );

/** What ends or holds up a process differs from function to function. */
const dependsOnFunction = (fault: FaultName) => isFatal(fault) || stalls.includes(fault);

/** A fault, at a call of one kind, where it matters of one function. */
const kindOf = (fault: FaultName, { operation, instance }: Call): string =>
  [fault, operation, dependsOnFunction(fault) ? instance.name.split("-")[0] : ""].join(" ");

const openTally = () => {
  const counts = new Map<string, number>();
  /** @returns how many there were before this one */
  return (name: string): number => {
    const before = counts.get(name) ?? 0;
    counts.set(name, before + 1);
    return before;
  };
};

/** Of points in any order, those of a width: at least one of each kind, and a wider one has all of a narrower one. */
export const thinned = async (
  name: RunName,
  width: Width,
  points: readonly Point[],
): Promise<Point[]> => {
  const calls = new Map((await callsOf(name)).map((call) => [call.n, call]));
  const { oneIn } = runs[name];
  const isMore = {
    test: () => false,
    ci: (fault: FaultName, before: number) => before % oneIn(fault) === 0,
    night: () => true,
  } as const satisfies Record<Width, (fault: FaultName, before: number) => boolean>;
  const [ofFault, ofKind] = [openTally(), openTally()];
  return points.filter(({ n, fault }) => {
    const isFirst = ofKind(kindOf(fault, calls.get(n) as Call)) === 0;
    return isMore[width](fault, ofFault(fault)) || isFirst;
  });
};

/** A run with these faults in it. */
export const runWithFaults = async (
  name: RunName,
  points: readonly Point[],
  trace?: Trace,
): Promise<Outcome> => {
  const { length } = await callsOf(name);
  const { run, world, peaceful: isPeaceful }: Spots = runs[name];
  const options = { ...world, seed, plan: planOf(points), ...(trace && { trace }) };
  return runWorld(options, run, {
    maxCalls: length + extraCalls * points.length,
    peaceful: isPeaceful,
  });
};

/** The number of the last call of a run with this fault in it. */
export const lastCallAfter = async (name: RunName, point: Point): Promise<number> =>
  Math.max(0, ...(await recordCalls(name, [point])).map(({ n }) => n));
