import type { AgentContext } from "../../agents/context.ts";
import { put } from "../../domain/change.ts";
import {
  addSideEffect,
  endSideEffect,
  findSideEffect,
  type SideEffect,
} from "../../domain/task/side-effect.ts";
import type { Digest } from "../artifacts/artifacts.ts";
import { editLeased, ignoreUnlessLost, type Lease, type LeaseDeps } from "./hold-lease.ts";

const digestOf = ({ digest }: { digest: Digest }, what: string): string =>
  digest(what).sha256.slice(0, 32);

/**
 * Opens the side effects of a leased task. They are stored with the task, so that a later attempt knows what was begun.
 *
 * @throws LeaseLost, and from `begin` whatever a commit throws
 */
export const openSideEffects = (
  deps: Pick<LeaseDeps, "commit"> & { digest: Digest },
  lease: Lease,
): AgentContext["effects"] => ({
  begin: async (key, what) => {
    const digest = digestOf(deps, what);
    let earlier: SideEffect | undefined;
    await lease.write(async (leased) => {
      earlier = /* guard: an effect is had once */ findSideEffect(leased.task.effects, key);
      if (earlier) return leased;
      return editLeased(deps, leased, (task) =>
        put("tasks", {
          ...task,
          effects: addSideEffect(task.effects, { key, what, digest, outcome: null }),
        }),
      );
    });
    return earlier ?? null;
  },
  end: (key, outcome) =>
    ignoreUnlessLost(lease, () =>
      lease.write((leased) =>
        editLeased(deps, leased, (task) =>
          put("tasks", { ...task, effects: endSideEffect(task.effects, key, outcome) }),
        ),
      ),
    ),
  list: () => lease.leased().task.effects,
  latest: (what) => {
    const digest = digestOf(deps, what);
    return lease.leased().task.effects.findLast((effect) => effect.digest === digest);
  },
});
