import type { Change } from "../../../lib/domain/change.ts";
import { cancelTask } from "../../../lib/domain/task/cancel-task.ts";
import type { TaskRecord } from "../../../lib/domain/task/task.ts";
import {
  holdLease,
  type LeaseDeps,
  openProgress,
} from "../../../lib/services/worker/hold-lease.ts";
import { aChange, aMoment, anId, aWorkingTask, newId, nowPlus } from "../../support/builders.ts";
import { aStoredProject } from "./stored-project.ts";

/** A leased task, with a clock that the test moves. */
export const holding = ({
  leaseMs = 60_000,
  touches = true,
  task = aWorkingTask(),
}: {
  leaseMs?: number;
  touches?: boolean;
  task?: TaskRecord;
} = {}) => {
  let seconds = 0;
  const stored = aStoredProject(aChange({ tasks: [task] }), () => new Date(nowPlus(seconds)));
  const time = new AbortController();
  const beats: { ms: number; run: () => void; stopped: boolean }[] = [];
  const changedIds: TaskRecord[] = [];
  const slept: number[] = [];
  const deps: LeaseDeps & { newId: () => string } = {
    ...stored,
    newId,
    touchTask: async (_tenant, given) => {
      changedIds.push(given);
      return touches && given.rev === stored.state().tasks[anId(10)]?.rev;
    },
    sleep: async (ms) => void slept.push(ms),
    every: (ms, run) => {
      const beat = { ms, run, stopped: false };
      beats.push(beat);
      return () => {
        beat.stopped = true;
      };
    },
    timeout: () => time.signal,
    leaseMs,
    timeoutMs: 300_000,
  };
  const lease = holdLease(deps, { change: stored.state(), task });
  /** What runs again and again, at an instant; over when all is written that it writes. */
  const beatAt = async (at: number) => {
    seconds = at;
    for (const { run, stopped } of beats) if (!stopped) run();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    deps,
    lease,
    voice: openProgress(deps, lease),
    stored,
    time,
    beats,
    changedIds,
    slept,
    beatAt,
  };
};

export const cancelled = (change: Change): Change => {
  const [task] = Object.values(change.tasks);
  return task ? cancelTask(task, "Enough.", aMoment())(change) : change;
};
