import type { AgentContext } from "../../agents/context.ts";
import { type Budgets, ledgersOf, type Verdict } from "../../domain/budget/budget.ts";
import type { CallPlan, CallResult, PlannedCall } from "../../domain/budget/model-call.ts";
import { reserveCall } from "../../domain/budget/reserve-call.ts";
import { notMade, settleCall } from "../../domain/budget/settle-call.ts";
import type { Change } from "../../domain/change.ts";
import { addMs } from "../../domain/common.ts";
import { holdsTask } from "../../domain/task/run-task.ts";
import type { Commit } from "../commit/commit.ts";
import { asAgent, type LeasedTask } from "./claim-task.ts";
import { getLeased, type Lease, LeaseLost } from "./hold-lease.ts";

export type SpendDeps = {
  commit: Commit;
  newId: () => string;
  now: () => Date;
  every: (ms: number, run: () => void) => () => void;
  budgets: Budgets;
  /** The longest that an attempt takes. After this and one lease more, its open calls count as lost. */
  timeoutMs: number;
  leaseMs: number;
};

/** Milliseconds between two checks of the lease, from the first model call on: a lost task must not spend more. */
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

/** A model call: its id, and the instant of its reservation, which decides the day's ledger. */
type CallRef = { call_id: string; now: string };

/**
 * Reserves the most that a call may cost. A reservation emits no event, so a commit with a lost answer cannot find it in
 * the log: it finds it by its call_id in the task's ledger. Each round uses the day of the first one, because only the
 * ledger of that day is read.
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

/** Writes what a call has cost, even when the lease was lost or the project was closed meanwhile. */
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
  /** Ends the checks of the lease. */
  stopChecking: () => void;
};

/**
 * Opens the money for the model calls of a leased task: it is reserved before each call, and settled after it.
 *
 * @throws from `reserve`: LeaseLost, and whatever a commit throws; from `settle`: whatever a commit throws
 */
export const openSpend = (deps: SpendDeps, lease: Lease): Spending => {
  /** The instant at which each open call was reserved, by call id. */
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
        // The commit may have been applied although its answer, or the lease, was lost: only this worker can give the money back.
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
