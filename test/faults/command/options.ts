import { parseArgs } from "node:util";
import { lastSeed } from "../sets/cases.ts";
import { type Point, type RunName, runNames, type Width } from "../sets/single-faults.ts";
import { faultNames } from "../world/faults.ts";

export const help = `Usage: npm run test:faults -- [options]

Runs the backend in simulated worlds in which things go wrong, and checks that what it promises holds. Without
options: the sets of npm test, as wide as CI has them.

  --all               every fault at every call, every pair of kills in a full run, ${lastSeed.night} seeds: for the night
  --seeds FROM-TO     only these random worlds
  --seed N            only this one
  --at "N FAULT"      only a run with this fault at its Nth call; more than once for several faults
  --in RUN            which run that is: ${runNames.join(", ")} (default: full)
  --kills N           start the real local stack, and SIGKILL it N times under load
  --burst N           N tasks over 50 projects at once, in a simulated world
  --guards            switch off one guard at a time, count how often its set goes red, and write the counts into
                      docs/reliability.md
  --trace             print every call of a single run
  --help

Faults: ${faultNames.join(", ")}
`;

export type Work =
  | { kind: "help" }
  | { kind: "sets"; width: Width }
  | { kind: "seeds"; from: number; to: number }
  | { kind: "points"; name: RunName; points: Point[] }
  | { kind: "kills"; count: number }
  | { kind: "burst"; count: number }
  | { kind: "guards" };

export type Options = { work: Work; trace: boolean };

const numberIn = (text: string): number => {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 0) return number;
  throw new Error(`Not a number: ${text}`);
};

const pointIn = (text: string): Point => {
  const [n = "", ...words] = text.trim().split(" ");
  const fault = faultNames.find((name) => name === words.join(" "));
  if (fault) return { n: numberIn(n), fault };
  throw new Error(`Not a fault: "${words.join(" ")}". They are: ${faultNames.join(", ")}`);
};

const runIn = (text: string): RunName => {
  const name = runNames.find((known) => known === text);
  if (name) return name;
  throw new Error(`Not a run: ${text}. They are: ${runNames.join(", ")}`);
};

const rangeIn = (text: string): Work => {
  const [from = "", to = from] = text.split("-");
  return { kind: "seeds", from: numberIn(from), to: numberIn(to) };
};

type Values = {
  all: boolean;
  guards: boolean;
  help: boolean;
  seeds?: string | undefined;
  seed?: string | undefined;
  at?: string[] | undefined;
  in: string;
  kills?: string | undefined;
  burst?: string | undefined;
};

const oneRun = ({ at, in: name, kills, burst }: Values): Work | null => {
  if (kills) return { kind: "kills", count: numberIn(kills) };
  if (burst) return { kind: "burst", count: numberIn(burst) };
  return at ? { kind: "points", name: runIn(name), points: at.map(pointIn) } : null;
};

const workOf = (values: Values): Work => {
  const { all, guards, help: wantsHelp, seeds, seed } = values;
  if (wantsHelp) return { kind: "help" };
  if (guards) return { kind: "guards" };
  const one = oneRun(values);
  if (one) return one;
  const range = seeds ?? seed;
  return range ? rangeIn(range) : { kind: "sets", width: all ? "night" : "ci" };
};

/** @throws for an option that is none, or has no proper value */
export const readOptions = (args: readonly string[]): Options => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      all: { type: "boolean", default: false },
      guards: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
      seeds: { type: "string" },
      seed: { type: "string" },
      at: { type: "string", multiple: true },
      in: { type: "string", default: "full" },
      kills: { type: "string" },
      burst: { type: "string" },
      trace: { type: "boolean", default: false },
    },
  });
  return { work: workOf(values), trace: values.trace };
};
