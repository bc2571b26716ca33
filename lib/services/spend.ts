import type { AgentTools, WantedCall } from "../agents/agent.ts";
import { type Budgets, ledgersOf, type Verdict } from "../domain/budget.ts";
import type { Change, Needs } from "../domain/change.ts";
import { lostCalls, reserveCall, settleCall } from "../domain/decisions/model-call.ts";
import { holdsTask } from "../domain/decisions/run-task.ts";
import { ledgerIds } from "../domain/ledger.ts";
import { isClosed } from "../domain/project.ts";
import type { Commit } from "./caller.ts";
import type { Held } from "./claim-task.ts";
import { type Hold, LostClaim } from "./hold-task.ts";

export type SpendDeps = {
  commit: Commit;
  newId: () => string;
  now: () => Date;
  every: (ms: number, run: () => void) => () => void;
  budgets: Budgets;
};

/** From the first call of a model on, the worker looks this often whether its work is still wanted. */
const watchMs = 2_000;

const about = ({ change, task }: Held) => ({
  tenant: change.tenant,
  project_id: task.project_id,
  actor: { type: "agent", id: task.agent_type } as const,
  correlation_id: task.correlation_id,
});

const heldAfter = (held: Held, after: Change): Held => {
  const task = after.tasks[held.task.task_id];
  return task && holdsTask(task, held.task.attempt) ? { change: after, task } : held;
};

/** Ledgers of calls that were left open, which may lie in other days than today's. */
const ledgersOfOpen = (change: Change, task_id: string): Needs => ({
  ledgers: (change.ledgers[ledgerIds.task(task_id)]?.open ?? []).flatMap(({ ledgers }) => ledgers),
});

type Reserved = { verdict: Verdict; held: Held };

const reserve = (deps: SpendDeps, held: Held, call: WantedCall & { call_id: string }) => {
  const { task } = held;
  const { task_id, attempt } = task;
  const ledgers = Object.values(ledgersOf(task_id, deps.now().toISOString()));
  return deps.commit<Reserved>({
    ...about(held),
    needs: { tasks: [task_id], ledgers },
    more: (change) =>
      lostCalls(change, task_id, attempt).length > 0 ? ledgersOfOpen(change, task_id) : {},
    decide: (change, moment) => {
      if (isClosed(change.project) || !holdsTask(change.tasks[task_id], attempt)) {
        throw new LostClaim();
      }
      const planned = { ...call, task_id, attempt };
      const { change: next, verdict } = reserveCall(change, planned, deps.budgets, moment);
      return { change: next, answer: (after) => ({ verdict, held: heldAfter(held, after) }) };
    },
  });
};

/** What a call has cost is written down even when the task was lost or the project closed meanwhile. */
const settle = (
  deps: SpendDeps,
  held: Held,
  [call_id, settled]: Parameters<AgentTools["spend"]["settle"]>,
) => {
  const { task_id } = held.task;
  return deps.commit<Held>({
    ...about(held),
    needs: { tasks: [task_id], ledgers: [ledgerIds.task(task_id), ledgerIds.project] },
    more: (change) => ledgersOfOpen(change, task_id),
    decide: (change) => ({
      change: settleCall(task_id, call_id, settled)(change),
      answer: (after) => heldAfter(held, after),
    }),
  });
};

export type Spending = AgentTools["spend"] & {
  /** The run is over: nobody looks any more. */
  end: () => void;
};

/** Money for the model calls of a held task: reserved before each call, settled after it. */
export const openSpend = (deps: SpendDeps, hold: Hold): Spending => {
  let stop: (() => void) | undefined;
  return {
    reserve: async (call) => {
      const call_id = deps.newId();
      let verdict: Verdict | undefined;
      await hold.write(async (held) => {
        const reserved = await reserve(deps, held, { ...call, call_id });
        verdict = reserved.verdict;
        return reserved.held;
      });
      if (!verdict) throw new LostClaim();
      if (verdict.kind === "granted") stop ??= deps.every(watchMs, hold.check);
      return { call_id, verdict };
    },
    settle: async (call_id, settled) => {
      await hold.record((held) => settle(deps, held, [call_id, settled]));
    },
    end: () => stop?.(),
  };
};
