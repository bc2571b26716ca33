import type { AgentTools, WantedCall } from "../../agents/context.ts";
import { type Budgets, ledgersOf, type Verdict } from "../../domain/budget/budget.ts";
import { reserveCall, type Settled, settleCall } from "../../domain/budget/model-call.ts";
import type { Change } from "../../domain/change.ts";
import { later } from "../../domain/common.ts";
import { holdsTask } from "../../domain/task/run-task.ts";
import type { Commit } from "../commit/caller.ts";
import { asAgent, type Held } from "./claim-task.ts";
import { getHeld, type Hold, LostClaim } from "./hold-lease.ts";

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
const watchMs = 2_000;

const heldAfter = (held: Held, after: Change): Held => {
  const task = after.tasks[held.task.task_id];
  return task && holdsTask(task, held.task.attempt) ? { change: after, task } : held;
};

type Reserved = { verdict: Verdict; held: Held };

type Planned = WantedCall & { call_id: string; now: string };

/**
 * A reservation leaves no event by which it could be looked up when its answer is lost: it is found again by its call_id
 * in the task's ledger. It counts for the day on which it was asked for, however often it has to be tried: another day's
 * ledger would not have been read.
 */
const reserve = (deps: SpendDeps, held: Held, { now, ...call }: Planned) => {
  const { task } = held;
  const { task_id, attempt } = task;
  return deps.commit<Reserved>({
    ...asAgent(held),
    needs: { tasks: [task_id], ledgers: Object.values(ledgersOf(task_id, now)) },
    decide: (change) => {
      getHeld(change, task);
      const planned = { ...call, task_id, attempt };
      const times = { now, settle_by: later(now, deps.timeoutMs + deps.leaseMs) };
      const { change: next, verdict } = reserveCall(change, planned, deps.budgets, times);
      return { change: next, answer: (after) => ({ verdict, held: heldAfter(held, after) }) };
    },
  });
};

type Ended = { call_id: string; settled: Settled; now: string };

/**
 * What a call has cost is written down even when the task was lost or the project closed meanwhile.
 *
 * @param ended `now` is that of the reservation: it tells the day's ledger
 */
const settle = (deps: SpendDeps, held: Held, { call_id, settled, now }: Ended) => {
  const { task_id } = held.task;
  return deps.commit<Held>({
    ...asAgent(held),
    needs: { tasks: [task_id], ledgers: Object.values(ledgersOf(task_id, now)) },
    decide: (change) => ({
      change: settleCall(task_id, call_id, settled)(change),
      answer: (after) => heldAfter(held, after),
    }),
  });
};

/** A call that was never made, though its money may be reserved. */
const notMade: Settled = {
  outcome: "cancelled",
  error_code: "not_made",
  estimated: false,
  price: "assumed",
  purpose: "unknown",
  duration_ms: 0,
  input_tokens: 0,
  cached_input_tokens: 0,
  output_tokens: 0,
  cost: 0,
  failed: true,
};

export type Spending = AgentTools["spend"] & {
  /** The run is over: nobody looks any more. */
  end: () => void;
};

/** Money for the model calls of a held task: reserved before each call, settled after it. */
export const openSpend = (deps: SpendDeps, hold: Hold): Spending => {
  /** When each open call was reserved. */
  const calls = new Map<string, string>();
  let stop: (() => void) | undefined;
  const end = (ended: Ended) =>
    /* guard: a call is settled although its task is lost */ hold.record((held) =>
      settle(deps, held, ended),
    );
  return {
    reserve: async (call) => {
      const planned = { ...call, call_id: deps.newId(), now: deps.now().toISOString() };
      const { call_id, now } = planned;
      let verdict: Verdict | undefined;
      try {
        await hold.write(async (held) => {
          const reserved = await reserve(deps, held, planned);
          verdict = reserved.verdict;
          return reserved.held;
        });
      } catch (error) {
        // Its answer may have been lost, and then the task: nobody else would give back what is reserved.
        /* guard: money for no call is given back */ await end({
          call_id,
          settled: notMade,
          now,
        }).catch(() => undefined);
        throw error;
      }
      if (!verdict) throw new LostClaim();
      if (verdict.kind === "granted") {
        calls.set(call_id, now);
        stop ??= deps.every(watchMs, hold.check);
      }
      return { call_id, verdict };
    },
    settle: async (call_id, settled) => {
      const now = calls.get(call_id);
      if (now === undefined) return;
      await end({ call_id, settled, now });
      calls.delete(call_id);
    },
    end: () => stop?.(),
  };
};
