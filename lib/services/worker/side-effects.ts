import type { AgentTools } from "../../agents/context.ts";
import { put } from "../../domain/change.ts";
import { addEffect, type Effect, endEffect, findEffect } from "../../domain/task/side-effect.ts";
import type { Digest } from "../artifacts/artifacts.ts";
import { editHeld, type Hold, type HoldDeps, harmlessly } from "./hold-lease.ts";

const digestOf = ({ digest }: { digest: Digest }, what: string): string =>
  digest(what).sha256.slice(0, 32);

/** What a held task has begun outside, remembered with the task: whoever runs it later knows. */
export const openEffects = (
  deps: Pick<HoldDeps, "commit"> & { digest: Digest },
  hold: Hold,
): AgentTools["effects"] => ({
  begin: async (key, what) => {
    const digest = digestOf(deps, what);
    let earlier: Effect | undefined;
    await hold.write(async (held) => {
      earlier = /* guard: an effect is had once */ findEffect(held.task.effects, key);
      if (earlier) return held;
      return editHeld(deps, held, (task) =>
        put("tasks", {
          ...task,
          effects: addEffect(task.effects, { key, what, digest, outcome: null }),
        }),
      );
    });
    return earlier ?? null;
  },
  end: (key, outcome) =>
    harmlessly(hold, () =>
      hold.write((held) =>
        editHeld(deps, held, (task) =>
          put("tasks", { ...task, effects: endEffect(task.effects, key, outcome) }),
        ),
      ),
    ),
  list: () => hold.held().task.effects,
  latest: (what) => {
    const digest = digestOf(deps, what);
    return hold.held().task.effects.findLast((effect) => effect.digest === digest);
  },
});
