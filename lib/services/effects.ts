import type { AgentTools } from "../agents/agent.ts";
import { putTask } from "../domain/change.ts";
import { cut } from "../domain/common.ts";
import { type Effect, mostEffectCharacters } from "../domain/task.ts";
import { editHeld, type Hold, type HoldDeps, harmlessly } from "./hold-task.ts";

/** Effects that a task remembers. */
const mostEffects = 50;

const shortened = (text: string): string => cut(text, mostEffectCharacters);

const find = (effects: readonly Effect[], key: string) =>
  effects.find((effect) => effect.key === key);

/** A commit whose answer was lost decides once more: its effect is there then. */
const add = (effects: readonly Effect[], effect: Effect): Effect[] =>
  [...effects.filter(({ key }) => key !== effect.key), effect].slice(-mostEffects);

/** What a held task has begun outside, remembered with the task: whoever runs it later knows. */
export const openEffects = (deps: Pick<HoldDeps, "commit">, hold: Hold): AgentTools["effects"] => ({
  begin: async (key, what) => {
    let earlier: Effect | undefined;
    await hold.write(async (held) => {
      earlier = find(held.task.effects, key);
      if (earlier) return held;
      const begun = { key, what: shortened(what), outcome: null };
      return editHeld(deps, held, (task) =>
        putTask({ ...task, effects: add(task.effects, begun) }),
      );
    });
    return earlier ?? null;
  },
  end: (key, outcome) =>
    harmlessly(hold, () =>
      hold.write((held) =>
        editHeld(deps, held, (task) =>
          putTask({
            ...task,
            effects: task.effects.map((effect) =>
              effect.key === key ? { ...effect, outcome: shortened(outcome) } : effect,
            ),
          }),
        ),
      ),
    ),
  list: () => hold.held().task.effects,
});
