import { type Bounds, checkWorld } from "../invariants/check-world.ts";
import { finish } from "../runs/finish.ts";
import { openWorld, type World, type WorldOptions } from "../world/open-world.ts";
import { warmUp } from "../world/sdk.ts";

export type Run = (world: World) => Promise<void>;

/** Told of every try of every call, and of what became of each process. */
export type Trace = (line: string) => void;

export type Outcome = { problems: string[]; calls: number };

/** Runs a world to its end, and tells what does not hold in it then. */
export const runWorld = async (
  options: WorldOptions,
  run: Run,
  bounds: Bounds,
): Promise<Outcome> => {
  await warmUp();
  const world = openWorld(options);
  try {
    const ended = await finish(world, run(world), bounds.maxCalls);
    const problems = ended ? [] : [`it came to no end in ${world.calls()} calls`];
    return { problems: [...problems, ...checkWorld(world, bounds)], calls: world.calls() };
  } catch (error) {
    return {
      problems: [String(error instanceof Error ? error.stack : error)],
      calls: world.calls(),
    };
  }
};
