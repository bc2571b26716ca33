import type { Clock } from "../../../lib/adapters/clock.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** One process that runs a function: it can die, stand still, and have a clock that is wrong. */
export type Instance = {
  name: string;
  /** It may touch nothing of others than these; null for those that serve all. */
  tenants: readonly string[] | null;
  mayFreeze: boolean;
  isAlive: () => boolean;
  kill: () => void;
  freeze: (ms: number) => void;
  /** Runs it as soon as the process is not standing still; never when it is dead. */
  whenAwake: (run: () => void) => void;
  onDeath: (run: () => void) => void;
  clock: Clock;
};

type Options = {
  time: VirtualTime;
  name: string;
  tenants: readonly string[] | null;
  mayFreeze: boolean;
  skewMs: number;
};

const timeoutError = () => new DOMException("The time is over", "TimeoutError");

type Timers = Pick<Instance, "whenAwake"> & { time: VirtualTime; skewMs: number };

const sleepOn =
  ({ time, whenAwake }: Timers): Clock["sleep"] =>
  (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      time.after(ms, () => whenAwake(resolve));
    });

const everyOn =
  ({ time, whenAwake }: Timers): Clock["every"] =>
  (ms, run) => {
    let stopped = false;
    const again = () =>
      time.after(ms, () =>
        whenAwake(() => {
          if (stopped) return;
          run();
          again();
        }),
      );
    again();
    return () => {
      stopped = true;
    };
  };

const clockOf = (timers: Timers): Clock => {
  const { time, whenAwake, skewMs } = timers;
  return {
    now: () => new Date(time.now() + skewMs),
    tick: () => time.now(),
    sleep: sleepOn(timers),
    every: everyOn(timers),
    timeout: (ms) => {
      const controller = new AbortController();
      time.after(ms, () => whenAwake(() => controller.abort(timeoutError())));
      return controller.signal;
    },
  };
};

export const openInstance = ({ time, name, tenants, mayFreeze, skewMs }: Options): Instance => {
  let alive = true;
  let frozenUntil = 0;
  const mourners: (() => void)[] = [];
  const whenAwake = (run: () => void): void => {
    if (!alive) return;
    if (frozenUntil > time.now()) time.at(frozenUntil, () => whenAwake(run));
    else run();
  };
  return {
    name,
    tenants,
    mayFreeze,
    isAlive: () => alive,
    kill: () => {
      if (!alive) return;
      alive = false;
      for (const mourn of mourners) mourn();
    },
    freeze: (ms) => {
      frozenUntil = time.now() + ms;
    },
    whenAwake,
    onDeath: (run) => mourners.push(run),
    clock: clockOf({ time, whenAwake, skewMs }),
  };
};
