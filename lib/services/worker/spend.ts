import type { AgentContext } from "../../agents/context.ts";
import { type Budgets, ledgersOf, type Verdict } from "../../domain/budget/budget.ts";
import type { CallPlan, CallResult, PlannedCall } from "../../domain/budget/model-call.ts";
import { reserveCall } from "../../domain/budget/reserve-call.ts";
import { notMade, settleCall } from "../../domain/budget/settle-call.ts";
import type { Change } from "../../domain/change.ts";
import { addMs } from "../../domain/common.ts";
import { holdsTask } from "../../domain/task/run-task.ts";
import type { Commit } from "../commit/caller.ts";
import { asAgent, type LeasedTask } from "./claim-task.ts";
import { getLeased, type Lease, LeaseLost } from "./hold-lease.ts";

export type SpendDeps = {
  commit: Commit;
  newId: () => string;
  now: () => Date;
  every: (ms: number, run: () => void) => () => void;
  budgets: Budgets;
  /** The longest that an attempt takes; its worker is taken for dead a lease later. */
  timeoutMs: number;
  leaseMs: number;
};

/** From the first call of a model on, the worker looks this often whether its work is still wanted. */
const checkEveryMs = 2_000;

const leasedAfter = (leased: LeasedTask, after: Change): LeasedTask => {
  const task = after.tasks[leased.task.task_id];
  return task && holdsTask(task, leased.task.attempt) ? { change: after, task } : leased;
};

const planCall = (plan: CallPlan, call_id: string, { task }: LeasedTask): PlannedCall => ({
  ...plan,
  state: "planned",
  call_id,
  task_id: task.task_id,
  attempt: task.attempt,
});

/** A call by its id, with the instant of its reservation, which tells the day's ledger. */
type CallRef = { call_id: string; now: string };

/**
 * A reservation leaves no event by which it could be looked up when its answer is lost: it is found again by its call_id
 * in the task's ledger. It counts for the day on which it was asked for, however often it has to be tried: another day's
 * ledger would not have been read.
 */
const reserve = (
  deps: SpendDeps,
  leased: LeasedTask,
  plan: CallPlan,
  { call_id, now }: CallRef,
) => {
  const planned = planCall(plan, call_id, leased);
  const { task_id } = planned;
  return deps.commit<{ verdict: Verdict; leased: LeasedTask }>({
    ...asAgent(leased),
    needs: { tasks: [task_id], ledgers: Object.values(ledgersOf(task_id, now)) },
    decide: (change) => {
      getLeased(change, leased.task);
      const times = { now, settle_by: addMs(now, deps.timeoutMs + deps.leaseMs) };
      const { change: next, verdict } = reserveCall(change, planned, deps.budgets, times);
      return { change: next, answer: (after) => ({ verdict, leased: leasedAfter(leased, after) }) };
    },
  });
};

/** What a call has cost is written down even when the task was lost or the project closed meanwhile. */
const settle = (
  deps: SpendDeps,
  leased: LeasedTask,
  { call_id, now }: CallRef,
  result: CallResult,
) => {
  const { task_id } = leased.task;
  return deps.commit<LeasedTask>({
    ...asAgent(leased),
    needs: { tasks: [task_id], ledgers: Object.values(ledgersOf(task_id, now)) },
    decide: (change) => ({
      change: settleCall(task_id, call_id, result)(change),
      answer: (after) => leasedAfter(leased, after),
    }),
  });
};

export type Spending = AgentContext["spend"] & {
  /** The run is over: nobody looks any more. */
  stopChecking: () => void;
};

/** Money for the model calls of a held task: reserved before each call, settled after it. */
export const openSpend = (deps: SpendDeps, lease: Lease): Spending => {
  /** When each open call was reserved. */
  const calls = new Map<string, string>();
  let stop: (() => void) | undefined;
  const settleRecorded = (call: CallRef, result: CallResult) =>
    /* guard: a call is settled although its task is lost */ lease.record((leased) =>
      settle(deps, leased, call, result),
    );
  return {
    reserve: async (plan) => {
      const call = { call_id: deps.newId(), now: deps.now().toISOString() };
      let verdict: Verdict | undefined;
      try {
        await lease.write(async (leased) => {
          const reserved = await reserve(deps, leased, plan, call);
          verdict = reserved.verdict;
          return reserved.leased;
        });
      } catch (error) {
        // The commit may have been applied though its answer, and then the task, was lost: nobody else gives back the money.
        /* guard: money for no call is given back */ await settleRecorded(call, notMade).catch(
          () => undefined,
        );
        throw error;
      }
      if (!verdict) throw new LeaseLost();
      if (verdict.kind === "granted") {
        calls.set(call.call_id, call.now);
        stop ??= deps.every(checkEveryMs, lease.check);
      }
      return { call_id: call.call_id, verdict };
    },
    settle: async (call_id, result) => {
      const now = calls.get(call_id);
      if (now === undefined) return;
      await settleRecorded({ call_id, now }, result);
      calls.delete(call_id);
    },
    stopChecking: () => stop?.(),
  };
};
