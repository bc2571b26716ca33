import type { AgentContext } from "../../agents/context.ts";
import { type Change, emit, type Needs, type TaskEdit } from "../../domain/change.ts";
import { addMs, type ProjectKey, truncate } from "../../domain/common.ts";
import { taskEvent } from "../../domain/events.ts";
import { findLeased, reportProgress } from "../../domain/task/run-task.ts";
import type { TaskRecord } from "../../domain/task/task.ts";
import type { Commit } from "../commit/caller.ts";
import type { TouchTask } from "../reads.ts";
import { asAgent, type LeasedTask } from "./claim-task.ts";

/** Thrown when another attempt, or a person, has taken the task: this run may write nothing any more. */
export class LeaseLost extends Error {
  override readonly name = "LostClaim";
}

export type LeaseDeps = {
  commit: Commit;
  load: (key: ProjectKey, needs: Needs) => Promise<Change>;
  touchTask: TouchTask;
  now: () => Date;
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Calls back again and again until it is stopped. */
  every: (ms: number, run: () => void) => () => void;
  timeout: (ms: number) => AbortSignal;
  leaseMs: number;
  timeoutMs: number;
};

/** Heartbeats come at a third of the lease, and every 30 s at the least. */
const renewEveryMs = (leaseMs: number) => Math.min(30_000, leaseMs / 3);

/** A held task while its agent runs: it keeps the lease alive and knows when it is lost. */
export type Lease = {
  leased: () => LeasedTask;
  signal: AbortSignal;
  /** One write at a time, from what is held to what is held then. Rejects at once when the claim is lost. */
  write: (work: (leased: LeasedTask) => Promise<LeasedTask>) => Promise<void>;
  /** The same for what has to be written down whatever became of the claim. */
  record: (work: (leased: LeasedTask) => Promise<LeasedTask>) => Promise<void>;
  /** Looks whether the task is still this worker's. */
  check: () => void;
  /** Stops the heartbeats, lets the last one finish, and gives what is held then. */
  release: () => Promise<LeasedTask>;
};

/** @throws LostClaim when `attempt` no longer owns the task, or the project is closed */
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

/** Makes the lease longer. When the task has changed meanwhile, it is read again to see whose it is. */
const renewLease = async (deps: LeaseDeps, leased: LeasedTask): Promise<LeasedTask> => {
  const { change } = leased;
  const task = { ...leased.task, lease_until: addMs(deps.now().toISOString(), deps.leaseMs) };
  if (!(await deps.touchTask(change.tenant, task, task.lease_until)))
    return readAgain(deps, leased);
  const kept = { ...task, rev: task.rev + 1 };
  return { task: kept, change: { ...change, tasks: { ...change.tasks, [task.task_id]: kept } } };
};

/** Commits what the running agent says, as long as the task is its own. */
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
 * Holds a claimed task: heartbeats extend the lease, a lost claim or the timeout aborts the signal. One write
 * at a time, so that a heartbeat never races a report of progress.
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

/** What could not be written must not cost the attempt, as long as the task is held. */
export const ignoreUnlessLost = async (lease: Lease, work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    if (lease.signal.aborted || error instanceof LeaseLost) throw error;
  }
};

/** What a running agent tells watchers, and how it waits. */
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
