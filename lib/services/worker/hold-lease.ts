import type { AgentTools } from "../../agents/context.ts";
import { type Change, emit, type Needs, type TaskEdit } from "../../domain/change.ts";
import { cut, later, type ProjectKey } from "../../domain/common.ts";
import { taskEvent } from "../../domain/events.ts";
import { findHeld, reportProgress } from "../../domain/task/run-task.ts";
import type { TaskRecord } from "../../domain/task/task.ts";
import type { Commit } from "../commit/caller.ts";
import type { TouchTask } from "../reads.ts";
import { asAgent, type Held } from "./claim-task.ts";

/** Thrown when another attempt, or a person, has taken the task: this run may write nothing any more. */
export class LostClaim extends Error {
  override readonly name = "LostClaim";
}

export type HoldDeps = {
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
const beatMs = (leaseMs: number) => Math.min(30_000, leaseMs / 3);

/** A held task while its agent runs: it keeps the lease alive and knows when it is lost. */
export type Hold = {
  held: () => Held;
  signal: AbortSignal;
  /** One write at a time, from what is held to what is held then. Rejects at once when the claim is lost. */
  write: (work: (held: Held) => Promise<Held>) => Promise<void>;
  /** The same for what has to be written down whatever became of the claim. */
  record: (work: (held: Held) => Promise<Held>) => Promise<void>;
  /** Looks whether the task is still this worker's. */
  check: () => void;
  /** Stops the heartbeats, lets the last one finish, and gives what is held then. */
  release: () => Promise<Held>;
};

/** @throws LostClaim when `attempt` no longer owns the task, or the project is closed */
export const getHeld = (change: Change, attempt: Pick<TaskRecord, "task_id" | "attempt">) => {
  const task = findHeld(change, attempt);
  if (!task) throw new LostClaim();
  return task;
};

const readAgain = async (deps: HoldDeps, { change, task }: Held): Promise<Held> => {
  const { tenant } = change;
  const fresh = await deps.load({ tenant, ...task }, { tasks: [task.task_id] });
  return { change: fresh, task: getHeld(fresh, task) };
};

/** Makes the lease longer. When the task has changed meanwhile, it is read again to see whose it is. */
const beat = async (deps: HoldDeps, held: Held): Promise<Held> => {
  const { change } = held;
  const task = { ...held.task, lease_until: later(deps.now().toISOString(), deps.leaseMs) };
  if (!(await deps.touchTask(change.tenant, task, task.lease_until))) return readAgain(deps, held);
  const kept = { ...task, rev: task.rev + 1 };
  return { task: kept, change: { ...change, tasks: { ...change.tasks, [task.task_id]: kept } } };
};

/** Commits what the running agent says, as long as the task is its own. */
export const editHeld = ({ commit }: Pick<HoldDeps, "commit">, held: Held, edit: TaskEdit) =>
  commit<Held>({
    ...asAgent(held),
    known: held.change,
    needs: { tasks: [held.task.task_id] },
    decide: (change, moment) => {
      const current = getHeld(change, held.task);
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
export const holdTask = (deps: HoldDeps, claimed: Held): Hold => {
  const lost = new AbortController();
  const signal = AbortSignal.any([lost.signal, deps.timeout(deps.timeoutMs)]);
  let held = claimed;
  let tail: Promise<void> = Promise.resolve();
  const record = (work: (current: Held) => Promise<Held>): Promise<void> => {
    const turn = tail.then(async () => {
      held = await work(held);
    });
    tail = turn.catch((error: unknown) => {
      if (error instanceof LostClaim) lost.abort(error);
    });
    return turn;
  };
  const write: Hold["write"] = (work) =>
    record((current) => {
      signal.throwIfAborted();
      return work(current);
    });
  const quietly = (work: (current: Held) => Promise<Held>) => () => {
    write(work).catch(() => undefined);
  };
  const stop = deps.every(
    /* guard: heartbeats */ beatMs(deps.leaseMs),
    quietly((current) => beat(deps, current)),
  );
  return {
    held: () => held,
    signal,
    write,
    record,
    check: quietly((current) => readAgain(deps, current)),
    release: async () => {
      stop();
      await tail;
      return held;
    },
  };
};

/** What could not be written must not cost the attempt, as long as the task is held. */
export const harmlessly = async (hold: Hold, work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    if (hold.signal.aborted || error instanceof LostClaim) throw error;
  }
};

/** What a running agent tells watchers, and how it waits. */
export const voiceOf = (
  deps: HoldDeps,
  hold: Hold,
): Pick<AgentTools, "progress" | "say" | "sleep" | "signal"> => {
  const { signal } = hold;
  const tell = (edit: TaskEdit) =>
    harmlessly(hold, () => hold.write((held) => editHeld(deps, held, edit)));
  return {
    signal,
    sleep: (ms) => deps.sleep(ms, signal),
    progress: (percentage, message) =>
      tell((task, moment) => reportProgress(task, { percentage, message }, deps.leaseMs, moment)),
    say: (message) =>
      tell((task) => emit(taskEvent(task, "agent_chat_message", { message: cut(message, 2_000) }))),
  };
};
