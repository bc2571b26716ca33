import type { AgentContext } from "../../agents/context.ts";
import { type Change, emit, type Needs, type TaskEdit } from "../../domain/change.ts";
import { addMs, type ProjectKey, truncate } from "../../domain/common.ts";
import { taskEvent } from "../../domain/events.ts";
import { findLeased, reportProgress } from "../../domain/task/run-task.ts";
import type { TaskRecord } from "../../domain/task/task.ts";
import type { Commit } from "../commit/commit.ts";
import type { TouchTask } from "../reads.ts";
import { asAgent, type LeasedTask } from "./claim-task.ts";

/** Says that another attempt, or a person, has taken the task: this attempt may not write any more. */
export class LeaseLost extends Error {
  override readonly name = "LeaseLost";
}

export type LeaseDeps = {
  commit: Commit;
  load: (key: ProjectKey, needs: Needs) => Promise<Change>;
  touchTask: TouchTask;
  now: () => Date;
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Calls `run` every `ms`, until the function that it gives is called. */
  every: (ms: number, run: () => void) => () => void;
  timeout: (ms: number) => AbortSignal;
  leaseMs: number;
  timeoutMs: number;
};

/** Milliseconds between two renewals: a third of the lease, at most 30 s. */
const renewEveryMs = (leaseMs: number) => Math.min(30_000, leaseMs / 3);

/** A lease while the agent runs: it renews itself, and aborts `signal` when it is lost. */
export type Lease = {
  /** Gives the task as it was written last. */
  leased: () => LeasedTask;
  signal: AbortSignal;
  /** Runs writes one at a time: each gets the task as it is, and gives it as written. Rejects at once when the lease is lost. */
  write: (work: (leased: LeasedTask) => Promise<LeasedTask>) => Promise<void>;
  /** As `write`, but also after the lease is lost: for costs, which must be written in any case. */
  record: (work: (leased: LeasedTask) => Promise<LeasedTask>) => Promise<void>;
  /** Starts a read of the task, which aborts `signal` when the lease is lost. */
  check: () => void;
  /** Stops the renewals, waits for the last write, and gives the task as written. */
  release: () => Promise<LeasedTask>;
};

/** Gives the task of an attempt. @throws LeaseLost when the attempt no longer has the task, or the project is closed */
export const getLeased = (change: Change, attempt: Pick<TaskRecord, "task_id" | "attempt">) => {
  const task = findLeased(change, attempt);
  if (!task) throw new LeaseLost();
  return task;
};

const readAgain = async (deps: LeaseDeps, { change, task }: LeasedTask): Promise<LeasedTask> => {
  const { tenant } = change;
  const fresh = await deps.load({ tenant, ...task }, { tasks: [task.task_id] });
  return { change: fresh, task: getLeased(fresh, task) };
};

/** Renews the lease. When the task has changed meanwhile, it is read again: it may belong to another attempt now. */
const renewLease = async (deps: LeaseDeps, leased: LeasedTask): Promise<LeasedTask> => {
  const { change } = leased;
  const task = { ...leased.task, lease_until: addMs(deps.now().toISOString(), deps.leaseMs) };
  if (!(await deps.touchTask(change.tenant, task, task.lease_until)))
    return readAgain(deps, leased);
  const kept = { ...task, rev: task.rev + 1 };
  return { task: kept, change: { ...change, tasks: { ...change.tasks, [task.task_id]: kept } } };
};

/** Commits an edit of the leased task. @throws LeaseLost, and whatever a commit throws */
export const editLeased = (
  { commit }: Pick<LeaseDeps, "commit">,
  leased: LeasedTask,
  edit: TaskEdit,
) =>
  commit<LeasedTask>({
    ...asAgent(leased),
    known: leased.change,
    needs: { tasks: [leased.task.task_id] },
    decide: (change, moment) => {
      const current = getLeased(change, leased.task);
      return {
        change: edit(current, moment)(change),
        answer: (after) => ({ change: after, task: after.tasks[current.task_id] ?? current }),
      };
    },
  });

/**
 * Holds the lease of a claimed task: renews it until it is released. A lost lease or the timeout aborts its signal. Only
 * one write runs at a time, so that a renewal never races a report of progress.
 */
export const holdLease = (deps: LeaseDeps, claimed: LeasedTask): Lease => {
  const lost = new AbortController();
  const signal = AbortSignal.any([lost.signal, deps.timeout(deps.timeoutMs)]);
  let leased = claimed;
  let tail: Promise<void> = Promise.resolve();
  const record = (work: (current: LeasedTask) => Promise<LeasedTask>): Promise<void> => {
    const turn = tail.then(async () => {
      leased = await work(leased);
    });
    tail = turn.catch((error: unknown) => {
      if (error instanceof LeaseLost) lost.abort(error);
    });
    return turn;
  };
  const write: Lease["write"] = (work) =>
    record((current) => {
      signal.throwIfAborted();
      return work(current);
    });
  const inBackground = (work: (current: LeasedTask) => Promise<LeasedTask>) => () => {
    write(work).catch(() => undefined);
  };
  const stop = deps.every(
    /* guard: heartbeats */ renewEveryMs(deps.leaseMs),
    inBackground((current) => renewLease(deps, current)),
  );
  return {
    leased: () => leased,
    signal,
    write,
    record,
    check: inBackground((current) => readAgain(deps, current)),
    release: async () => {
      stop();
      await tail;
      return leased;
    },
  };
};

/**
 * Runs `work` and ignores its errors: they must not fail the attempt.
 *
 * @throws the error of `work` when it is LeaseLost, or when the lease is lost or its time is over
 */
export const ignoreUnlessLost = async (lease: Lease, work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    if (lease.signal.aborted || error instanceof LeaseLost) throw error;
  }
};

/** Opens what a running agent uses to report progress, to say something to those who watch, and to wait. */
export const openProgress = (
  deps: LeaseDeps,
  lease: Lease,
): Pick<AgentContext, "progress" | "say" | "sleep" | "signal"> => {
  const { signal } = lease;
  const commitEdit = (edit: TaskEdit) =>
    ignoreUnlessLost(lease, () => lease.write((leased) => editLeased(deps, leased, edit)));
  return {
    signal,
    sleep: (ms) => deps.sleep(ms, signal),
    progress: (percentage, message) =>
      commitEdit((task, moment) =>
        reportProgress(task, { percentage, message }, deps.leaseMs, moment),
      ),
    say: (message) =>
      commitEdit((task) =>
        emit(taskEvent(task, "agent_chat_message", { message: truncate(message, 2_000) })),
      ),
  };
};
