import type { AgentTools } from "../agents/agent.ts";
import { putTask } from "../domain/change.ts";
import { cut } from "../domain/common.ts";
import type { Effect } from "../domain/task.ts";
import { editHeld, type Hold, type HoldDeps, harmlessly } from "./hold-task.ts";

/** Effects that a task remembers, and how many of these in words. */
const mostEffects = 100;
const mostInWords = 20;
/** Characters of what was done, and of how it ended. */
const mostWords = 300;

const withoutWords = ({ key }: Effect): Effect => ({ key, what: "", outcome: null });

const add = (effects: readonly Effect[], effect: Effect): Effect[] => {
  const kept = [...effects, effect].slice(-mostEffects);
  return [...kept.slice(0, -mostInWords).map(withoutWords), ...kept.slice(-mostInWords)];
};

const find = (effects: readonly Effect[], key: string) =>
  effects.find((effect) => effect.key === key);

/** What a held task has begun outside, remembered with the task: whoever runs it later knows. */
export const openEffects = (deps: Pick<HoldDeps, "commit">, hold: Hold): AgentTools["effects"] => ({
  begin: async (key, what) => {
    let earlier: Effect | undefined;
    await hold.write(async (held) => {
      earlier = find(held.task.effects, key);
      if (earlier) return held;
      const begun = { key, what: cut(what, mostWords), outcome: null };
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
              effect.key === key ? { ...effect, outcome: cut(outcome, mostWords) } : effect,
            ),
          }),
        ),
      ),
    ),
  list: () => hold.held().task.effects.filter(({ what }) => what !== ""),
});
