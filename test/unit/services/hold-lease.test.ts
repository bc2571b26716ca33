import { expect, test } from "vitest";
import { apply, type Change, put, setProject } from "../../../lib/domain/change.ts";
import { LeaseLost } from "../../../lib/services/worker/hold-lease.ts";
import { anId, aWorkingTask, nowPlus } from "../../support/builders.ts";
import { cancelled, holding } from "./leased-task.ts";

test.each([
  { leaseMs: 30_000, ms: 10_000 },
  { leaseMs: 60_000, ms: 20_000 },
  { leaseMs: 900_000, ms: 30_000 },
])("a lease of $leaseMs ms is renewed every $ms ms", ({ leaseMs, ms }) => {
  expect(holding({ leaseMs }).beats).toMatchObject([{ ms, stopped: false }]);
});

test("a renewal extends the lease, and makes no commit", async () => {
  const { lease, stored, changedIds, beatAt } = holding();
  await beatAt(20);
  expect(changedIds).toMatchObject([{ task_id: anId(10), lease_until: nowPlus(80) }]);
  expect(lease.leased().task.lease_until).toBe(nowPlus(80));
  expect(lease.signal.aborted).toBe(false);
  expect(stored.commits()).toBe(0);
});

test("a renewal that finds the task changed reads it again", async () => {
  const { lease, stored, beatAt } = holding({ touches: false });
  stored.meanwhile(setProject({ name: "Other" }));
  await beatAt(20);
  expect(lease.leased().change.project.name).toBe("Other");
  expect(lease.signal.aborted).toBe(false);
});

test("a renewal that finds the lease lost aborts the attempt", async () => {
  const { lease, stored, beatAt } = holding({ touches: false });
  stored.meanwhile(cancelled);
  await beatAt(20);
  expect(lease.signal.reason).toBeInstanceOf(LeaseLost);
});

test("progress is a commit, and extends the lease too", async () => {
  const { lease, voice, stored } = holding();
  await voice.progress(40, "Typing");
  expect(stored.state().tasks[anId(10)]).toMatchObject({
    progress_percentage: 40,
    lease_until: nowPlus(60),
  });
  expect(lease.leased().task.progress_percentage).toBe(40);
  expect(stored.log.map(({ event_type }) => event_type)).toEqual([
    "task_progress",
    "agent_chat_message",
  ]);
});

test("progress on a lost lease rejects, and aborts the attempt", async () => {
  const { lease, voice, stored } = holding();
  stored.meanwhile(cancelled);
  await expect(voice.progress(40, "Typing")).rejects.toThrow(LeaseLost);
  expect(lease.signal.aborted).toBe(true);
  expect(stored.commits()).toBe(0);
});

test("after the lease is lost nothing more is written", async () => {
  const { voice, stored, beatAt, changedIds } = holding();
  stored.meanwhile(cancelled);
  await voice.progress(40, "Typing").catch(() => undefined);
  await expect(voice.progress(50, "Typing")).rejects.toThrow(LeaseLost);
  await beatAt(20);
  expect(changedIds).toEqual([]);
});

test("a renewal and progress never write at the same time", async () => {
  const { lease, voice, beats, stored, changedIds } = holding();
  const said = voice.progress(10, "One");
  beats[0]?.run();
  const again = voice.progress(20, "Two");
  await Promise.all([said, again]);
  const { task } = await lease.release();
  expect(changedIds).toMatchObject([{ progress_percentage: 10, rev: 2 }]);
  expect(task.progress_percentage).toBe(20);
  expect(stored.commits()).toBe(2);
});

test("the timeout aborts the attempt", async () => {
  const { lease, voice, time } = holding();
  time.abort(new DOMException("Too late", "TimeoutError"));
  expect(lease.signal.reason).toMatchObject({ name: "TimeoutError" });
  await expect(voice.progress(40, "Typing")).rejects.toMatchObject({ name: "TimeoutError" });
});

test("a release stops the renewals and waits for the last one", async () => {
  const { lease, beats } = holding();
  beats[0]?.run();
  const { task } = await lease.release();
  expect(beats[0]?.stopped).toBe(true);
  expect(task.rev).toBe(2);
});

test("an agent's sleep is the clock's", async () => {
  const { voice, slept } = holding();
  await voice.sleep(500);
  expect(slept).toEqual([500]);
});

test("what an agent says is one event, truncated to what the log holds", async () => {
  const { voice, stored } = holding();
  await voice.say("x".repeat(3_000));
  expect(stored.log).toMatchObject([
    { event_type: "agent_chat_message", data: { message: "x".repeat(2_000) } },
  ]);
});

test("a write that fails does not fail the attempt while the lease is held", async () => {
  const { voice, deps } = holding();
  deps.commit = async () => {
    throw new Error("The table does not answer.");
  };
  await voice.say("Hello");
  await voice.progress(10, "Typing");
});

test("a check of the task finds a lost lease, and makes no commit", async () => {
  const { lease, stored } = holding();
  lease.check();
  await lease.release();
  expect(lease.signal.aborted).toBe(false);
  stored.meanwhile(cancelled);
  lease.check();
  await lease.release();
  expect(lease.signal.reason).toBeInstanceOf(LeaseLost);
  expect(stored.commits()).toBe(0);
});

test.each([
  { name: "a closed project", edit: setProject({ status: "cancelled" }) },
  {
    name: "another attempt",
    edit: (change: Change) => apply(change, put("tasks", aWorkingTask({ attempt: 2, rev: 2 }))),
  },
])("a look finds $name", async ({ edit }) => {
  const { lease, stored } = holding();
  stored.meanwhile(edit);
  lease.check();
  await lease.release();
  expect(lease.signal.reason).toBeInstanceOf(LeaseLost);
});

test("a record is written after the lease is lost too, one at a time", async () => {
  const { lease, voice, stored } = holding();
  const order: string[] = [];
  const record = (name: string) =>
    lease.record(async (leased) => {
      await new Promise((resolve) => setImmediate(resolve));
      order.push(name);
      return leased;
    });
  const first = record("first");
  const second = record("second");
  stored.meanwhile(cancelled);
  await expect(voice.say("Hello")).rejects.toThrow(LeaseLost);
  await record("third");
  await Promise.all([first, second]);
  expect(order).toEqual(["first", "second", "third"]);
  expect(lease.signal.aborted).toBe(true);
});

test("a record that fails rejects, and does not stop the next one", async () => {
  const { lease, voice, stored } = holding();
  const failed = lease.record(async () => {
    throw new Error("The table does not answer.");
  });
  await expect(failed).rejects.toThrow("does not answer");
  await voice.say("Hello");
  expect(lease.signal.aborted).toBe(false);
  expect(stored.commits()).toBe(1);
});
