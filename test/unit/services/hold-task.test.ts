import { expect, test } from "vitest";
import { setProject } from "../../../lib/domain/change.ts";
import { cancelTask } from "../../../lib/domain/decisions/cancel-task.ts";
import type { TaskRecord } from "../../../lib/domain/task.ts";
import { type HoldDeps, holdTask, LostClaim, voiceOf } from "../../../lib/services/hold-task.ts";
import { aChange, aMoment, anId, aWorkingTask, nowPlus } from "../../builders.ts";
import { aDesk } from "./desk.ts";

/** A held task, with a clock that the test turns. */
const holding = ({
  leaseMs = 60_000,
  touches = true,
}: {
  leaseMs?: number;
  touches?: boolean;
} = {}) => {
  let seconds = 0;
  const desk = aDesk(aChange({ tasks: [aWorkingTask()] }), () => new Date(nowPlus(seconds)));
  const time = new AbortController();
  const beats: { ms: number; run: () => void; stopped: boolean }[] = [];
  const touched: TaskRecord[] = [];
  const slept: number[] = [];
  const deps: HoldDeps = {
    ...desk,
    touchTask: async (_tenant, task) => {
      touched.push(task);
      return touches && task.rev === desk.state().tasks[anId(10)]?.rev;
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
  const hold = holdTask(deps, { change: desk.state(), task: aWorkingTask() });
  /** A heartbeat at an instant; over when all is written that it writes. */
  const beatAt = async (at: number) => {
    seconds = at;
    for (const { run } of beats) run();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { hold, voice: voiceOf(deps, hold), desk, time, beats, touched, slept, beatAt };
};

const cancelled = (change: Parameters<ReturnType<typeof cancelTask>>[0]) => {
  const [task] = Object.values(change.tasks);
  return task ? cancelTask(task, "Enough.", aMoment())(change) : change;
};

test.each([
  { leaseMs: 30_000, ms: 10_000 },
  { leaseMs: 60_000, ms: 20_000 },
  { leaseMs: 900_000, ms: 30_000 },
])("a lease of $leaseMs ms is renewed every $ms ms", ({ leaseMs, ms }) => {
  expect(holding({ leaseMs }).beats).toMatchObject([{ ms, stopped: false }]);
});

test("a heartbeat extends the lease, and costs no commit", async () => {
  const { hold, desk, touched, beatAt } = holding();
  await beatAt(20);
  expect(touched).toMatchObject([{ task_id: anId(10), lease_until: nowPlus(80) }]);
  expect(hold.held().task.lease_until).toBe(nowPlus(80));
  expect(hold.signal.aborted).toBe(false);
  expect(desk.commits()).toBe(0);
});

test("a heartbeat that finds the task changed reads again whose it is", async () => {
  const { hold, desk, beatAt } = holding({ touches: false });
  desk.meanwhile(setProject({ name: "Other" }));
  await beatAt(20);
  expect(hold.held().change.project.name).toBe("Other");
  expect(hold.signal.aborted).toBe(false);
});

test("a heartbeat that finds the claim lost aborts the run", async () => {
  const { hold, desk, beatAt } = holding({ touches: false });
  desk.meanwhile(cancelled);
  await beatAt(20);
  expect(hold.signal.reason).toBeInstanceOf(LostClaim);
});

test("progress is a commit, and extends the lease too", async () => {
  const { hold, voice, desk } = holding();
  await voice.progress(40, "Typing");
  expect(desk.state().tasks[anId(10)]).toMatchObject({
    progress_percentage: 40,
    lease_until: nowPlus(60),
  });
  expect(hold.held().task.progress_percentage).toBe(40);
  expect(desk.log.map(({ event_type }) => event_type)).toEqual([
    "task_progress",
    "agent_chat_message",
  ]);
});

test("progress on a lost claim rejects, and aborts the run", async () => {
  const { hold, voice, desk } = holding();
  desk.meanwhile(cancelled);
  await expect(voice.progress(40, "Typing")).rejects.toThrow(LostClaim);
  expect(hold.signal.aborted).toBe(true);
  expect(desk.commits()).toBe(0);
});

test("after the claim is lost nothing is written any more", async () => {
  const { voice, desk, beatAt, touched } = holding();
  desk.meanwhile(cancelled);
  await voice.progress(40, "Typing").catch(() => undefined);
  await expect(voice.progress(50, "Typing")).rejects.toThrow(LostClaim);
  await beatAt(20);
  expect(touched).toEqual([]);
});

test("a heartbeat and progress never write at the same time", async () => {
  const { hold, voice, beats, desk, touched } = holding();
  const said = voice.progress(10, "One");
  beats[0]?.run();
  const again = voice.progress(20, "Two");
  await Promise.all([said, again]);
  const { task } = await hold.release();
  expect(touched).toMatchObject([{ progress_percentage: 10, rev: 2 }]);
  expect(task.progress_percentage).toBe(20);
  expect(desk.commits()).toBe(2);
});

test("the timeout aborts the run", async () => {
  const { hold, voice, time } = holding();
  time.abort(new DOMException("Too late", "TimeoutError"));
  expect(hold.signal.reason).toMatchObject({ name: "TimeoutError" });
  await expect(voice.progress(40, "Typing")).rejects.toMatchObject({ name: "TimeoutError" });
});

test("a release stops the heartbeats and waits for the last one", async () => {
  const { hold, beats } = holding();
  beats[0]?.run();
  const { task } = await hold.release();
  expect(beats[0]?.stopped).toBe(true);
  expect(task.rev).toBe(2);
});

test("an agent's sleep is the clock's", async () => {
  const { voice, slept } = holding();
  await voice.sleep(500);
  expect(slept).toEqual([500]);
});
