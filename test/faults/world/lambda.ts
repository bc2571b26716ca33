import type { Platform } from "../../../functions/wiring/platform.ts";
import type { Reply, WireRequest } from "./calls.ts";
import { type Instance, openInstance } from "./instance.ts";
import { plugIn } from "./sdk.ts";
import { plugInShort } from "./short-sdk.ts";
import type { VirtualTime } from "./virtual-time.ts";

export type Definition = {
  name: string;
  timeoutMs: number;
  /** How long its commits try to win. */
  patienceMs: number;
  mayFreeze: boolean;
  make: (given: Platform) => (event: never, context: never) => Promise<unknown>;
};

/** What became of an invocation: an answer, or none because it threw, died or ran out of time. */
export type Ended = { answer: unknown } | { lost: "threw" | "killed" | "timeout"; error?: unknown };

/** Whether calls run through the SDK's own code, or past it. */
export type SdkUse = "whole" | "short";

const plugs = { whole: plugIn, short: plugInShort } as const;

type Options = {
  time: VirtualTime;
  sdk: SdkUse;
  endFor: (instance: Instance) => (request: WireRequest) => Promise<Reply>;
  outside: (instance: Instance) => Omit<Platform, "clients" | "clock" | "patienceMs">;
  skewMs: () => number;
  onEnd: (name: string, ended: Ended) => void;
};

/** Runs functions as Lambda does: each invocation in a process that can be killed, and no longer than it may. */
export const openLambda = ({ time, sdk, endFor, outside, skewMs, onEnd }: Options) => {
  let running = 0;
  let started = 0;

  const run = (definition: Definition, instance: Instance, event: unknown): Promise<Ended> => {
    const { clients, release } = plugs[sdk]({
      send: endFor(instance),
      sleep: (ms) => new Promise((resolve) => void instance.clock.sleep(ms).then(resolve)),
    });
    const given: Platform = {
      ...outside(instance),
      clients,
      clock: instance.clock,
      patienceMs: definition.patienceMs,
    };
    const context = { awsRequestId: instance.name };
    return new Promise((resolve) => {
      instance.onDeath(() => resolve({ lost: "killed" }));
      time.after(definition.timeoutMs, () => {
        resolve({ lost: "timeout" });
        instance.kill();
      });
      definition
        .make(given)(event as never, context as never)
        .then(
          (answer) => resolve({ answer }),
          (error: unknown) => resolve({ lost: "threw", error }),
        )
        .finally(release);
    });
  };

  return {
    invoke: async (
      definition: Definition,
      event: unknown,
      tenants: readonly string[] | null,
    ): Promise<Ended> => {
      const { name, mayFreeze } = definition;
      started += 1;
      const instance = openInstance({
        time,
        name: `${name}-${started}`,
        tenants,
        mayFreeze,
        skewMs: skewMs(),
      });
      running += 1;
      const ended = await run(definition, instance, event);
      running -= 1;
      onEnd(instance.name, ended);
      return ended;
    },
    isIdle: () => running === 0,
  };
};

export type Lambda = ReturnType<typeof openLambda>;
