import { expect, test } from "vitest";
import type { DueItem } from "../../../lib/contracts/due.ts";
import { emptyLedger } from "../../../lib/domain/budget/ledger.ts";
import type { ReservedCall } from "../../../lib/domain/budget/model-call.ts";
import type { Change } from "../../../lib/domain/change.ts";
import type { TaskRecord } from "../../../lib/domain/task/task.ts";
import { type SweepDeps, sweep } from "../../../lib/services/sweeper/sweep.ts";
import {
  aChange,
  aFollowUp,
  anId,
  aRequest,
  aTask,
  aWait,
  aWorkingTask,
  nowPlus,
  waitTimes,
} from "../../support/builders.ts";
import { silentLog } from "../../support/log.ts";
import { keptLog } from "../../support/log-lines.ts";
import { aStoredProject } from "./stored-project.ts";

const place = { tenant: "local", project_id: anId(1) };
const dueTask: DueItem = { ...place, kind: "tasks", id: anId(10) };
const dueRequest: DueItem = { ...place, kind: "requests", id: anId(20) };
const dueProject: DueItem = { ...place, kind: "projects" };
const dueConnection: DueItem = { tenant: "local", kind: "connections", id: "socket-1" };

/** One sweep, an hour and a bit after everything began. */
const sweeping = async (start: Change, due: DueItem[], more: Partial<SweepDeps> = {}) => {
  const stored = aStoredProject(start, () => new Date(nowPlus(4_000)));
  const seen = { sent: [] as string[], parked: [] as string[], dropped: [] as string[] };
  const errors: unknown[] = [];
  const changedIds: TaskRecord[] = [];
  const rounds = [due];
  const deps: SweepDeps = {
    ...stored,
    listDue: () => [Promise.resolve(rounds.shift() ?? [])],
    listTasks: async () => ({ items: Object.values(stored.state().tasks), last: null }),
    listRequests: async () => ({ items: Object.values(stored.state().requests), last: null }),
    touchTask: async (_tenant, task, due) => {
      changedIds.push(task);
      if (due === null) seen.parked.push(task.task_id);
      return true;
    },
    sendTask: async ({ task_id }) => void seen.sent.push(task_id),
    dropConnection: async ({ connection_id }) => void seen.dropped.push(connection_id),
    onError: (error) => void errors.push(error),
    withLogKeys: silentLog.withKeys,
    appendLogKeys: silentLog.appendKeys,
    ...waitTimes,
    budgetMs: 1_000,
    ...more,
  };
  const { swept } = await sweep(deps, "sweep-1");
  return { ...seen, swept, stored, errors, changedIds };
};

test("a pending task that no worker has claimed is enqueued again, and that is noted", async () => {
  const { sent, changedIds, stored, swept } = await sweeping(aChange({ tasks: [aTask()] }), [
    dueTask,
  ]);
  expect(sent).toEqual([anId(10)]);
  expect(changedIds).toMatchObject([{ enqueue_count: 1, enqueued_at: nowPlus(4_000) }]);
  expect([stored.commits(), swept]).toEqual([0, 1]);
});

test("a task that could not be enqueued is not noted: the next sweep tries again", async () => {
  const { changedIds, errors } = await sweeping(aChange({ tasks: [aTask()] }), [dueTask], {
    sendTask: async () => {
      throw new Error("the queue is down");
    },
  });
  expect([changedIds, errors.length]).toEqual([[], 1]);
});

test("a task that changes all the time is enqueued once, and noted as soon as possible", async () => {
  let tries = 0;
  const { sent } = await sweeping(aChange({ tasks: [aTask()] }), [dueTask], {
    touchTask: async () => {
      tries += 1;
      return tries === 3;
    },
  });
  expect([sent.length, tries]).toEqual([1, 3]);
});

test("a list that cannot be read does not hold up the others", async () => {
  const rounds = [[Promise.reject(new Error("throttled")), Promise.resolve([dueConnection])]];
  const { dropped, errors } = await sweeping(aChange(), [], {
    listDue: () => rounds.shift() ?? [],
  });
  expect([dropped, errors.length]).toEqual([["socket-1"], 1]);
});

test.each(["paused", "halted"] as const)(
  "in a %s project a pending task is parked",
  async (status) => {
    const start = aChange({ project: { status }, tasks: [aTask()] });
    const { sent, parked } = await sweeping(start, [dueTask]);
    expect([sent, parked]).toEqual([[], [anId(10)]]);
  },
);

const inLine = (reserved: number, waits = true): Change => {
  const waiter = { project_id: anId(1), task_id: anId(10), limit: 100, minCost: 1, maxCost: 9 };
  const waiting = waits ? [{ ...waiter, agreed: false }] : [];
  const ledger = { ...emptyLedger("project"), reserved, waiting };
  return { ...aChange({ tasks: [aTask({ waiting_for: aWait() })] }), ledgers: { project: ledger } };
};

test.each([
  { name: "what others have reserved is in the way", start: inLine(95), sent: [] },
  { name: "there is money", start: inLine(50), sent: [anId(10)] },
  { name: "it was told to go on, and did not hear", start: inLine(95, false), sent: [anId(10)] },
])("a task that waits for money is looked at: $name", async ({ start, sent }) => {
  const swept = await sweeping(start, [dueTask]);
  expect(swept.sent).toEqual(sent);
  expect(swept.changedIds).toMatchObject([{ enqueue_count: 1, enqueued_at: nowPlus(4_000) }]);
  expect(swept.stored.commits()).toBe(0);
});

test("a silent worker loses its lease", async () => {
  const { stored } = await sweeping(aChange({ tasks: [aWorkingTask()] }), [dueTask]);
  expect(stored.state().tasks[anId(10)]).toMatchObject({
    status: "pending",
    attempt: 1,
    error: { code: "lease_expired" },
  });
  expect(stored.log[0]).toMatchObject({ actor: { type: "system", id: "sweeper" } });
});

test.each([
  { name: "is held", start: aChange({ tasks: [aWorkingTask({ lease_until: nowPlus(4_001) })] }) },
  { name: "is not due", start: aChange({ tasks: [aTask({ not_before: nowPlus(3_990) })] }) },
  { name: "is done", start: aChange({ tasks: [aTask({ status: "completed" })] }) },
  { name: "is gone", start: aChange() },
  {
    name: "is in a closed project",
    start: aChange({ project: { status: "cancelled" }, tasks: [aWorkingTask()] }),
  },
])("a task that $name is left alone", async ({ start }) => {
  const { sent, changedIds, stored } = await sweeping(start, [dueTask]);
  expect([sent, changedIds, stored.commits()]).toEqual([[], [], 0]);
});

const task_id = anId(10);
const dueLedger: DueItem = { ...place, kind: "ledgers", id: `task:${task_id}` };

/** What a task has under way: two calls, of which the first is overdue. */
const withCalls = (task: TaskRecord, status: "active" | "completed" = "active"): Change => {
  const callOf = (index: number, settle_by: string): ReservedCall => ({
    state: "reserved",
    call_id: anId(90 + index),
    attempt: 1,
    agent_type: "coder",
    provider: "p",
    model: "m",
    amount: 70,
    ledgers: [`task:${task_id}`, "project", "tenant", "day:2029-12-31"],
    started_at: nowPlus(0),
    settle_by,
  });
  const open = [callOf(0, nowPlus(4_000)), callOf(1, nowPlus(4_001))];
  const ledgers = (open[0]?.ledgers ?? []).map((id, index) => ({
    ...emptyLedger(id),
    reserved: 140,
    open: index === 0 ? open : [],
    rev: 1,
  }));
  const byId = Object.fromEntries(ledgers.map((ledger) => [ledger.ledger_id, ledger]));
  return { ...aChange({ project: { status }, tasks: [task] }), ledgers: byId };
};

const moneyIn = ({ ledgers }: Change) =>
  Object.values(ledgers).map(({ spend, reserved }) => [spend.cost, reserved]);

test("a worker that went silent in the middle of calls has paid all that was reserved", async () => {
  const { stored } = await sweeping(withCalls(aWorkingTask()), [dueTask]);
  expect(stored.state().tasks[task_id]?.status).toBe("pending");
  expect(moneyIn(stored.state())).toEqual(Array(4).fill([140, 0]));
});

test.each([
  { task: aTask({ status: "cancelled" }), status: "active" },
  { task: aTask({ status: "waiting_for_hitl" }), status: "active" },
  { task: aWorkingTask({ attempt: 2, lease_until: nowPlus(4_001) }), status: "active" },
  { task: aTask({ status: "failed" }), status: "completed" },
] as const)(
  "a call that is overdue is given up: in a task that is $task.status, of a project that is $status",
  async ({ task, status }) => {
    const { stored, errors } = await sweeping(withCalls(task, status), [dueLedger]);
    expect(errors).toEqual([]);
    expect(moneyIn(stored.state())).toEqual(Array(4).fill([70, 70]));
    expect(stored.state().tasks[task_id]).toMatchObject({
      status: task.status,
      attempt: task.attempt,
    });
    expect(stored.log).toMatchObject([
      { event_type: "model_call", data: { call_id: anId(90), outcome: "lost" } },
    ]);
    const again = await sweeping(stored.state(), [dueLedger]);
    expect(again.stored.commits()).toBe(0);
  },
);

test("in a project that was closed since it was looked at, no attempt ends for want of a worker", async () => {
  const tasks = [aWorkingTask()];
  const load = async () => aChange({ tasks });
  const closed = aChange({ project: { status: "completed" }, tasks });
  const { stored } = await sweeping(closed, [dueTask], { load });
  expect(stored.state().tasks[anId(10)]?.status).toBe("working");
});

test("a request that nobody answered expires", async () => {
  const start = aChange({ tasks: [aTask({ status: "waiting_for_hitl" })], requests: [aRequest()] });
  const { stored } = await sweeping(start, [dueRequest]);
  expect(stored.state().requests[anId(20)]?.status).toBe("expired");
  expect(stored.state().project).toMatchObject({ status: "halted", unanswered: [anId(20)] });
});

test.each([
  { name: "was answered meanwhile", requests: [aRequest({ status: "approved" })] },
  { name: "has time left", requests: [aRequest({ expires_at: nowPlus(4_001) })] },
  { name: "is gone", requests: [] },
])("a request that $name is left alone", async ({ requests }) => {
  const { stored, errors } = await sweeping(aChange({ tasks: [aTask()], requests }), [dueRequest]);
  expect([stored.commits(), errors]).toEqual([0, []]);
});

test("a connection whose time is over is dropped", async () => {
  expect((await sweeping(aChange(), [dueConnection])).dropped).toEqual(["socket-1"]);
});

test("what a closed project left open is cancelled", async () => {
  const start = aChange({
    project: { status: "cancelled", follow_up: aFollowUp("close_open") },
    tasks: [aTask(), aTask({ task_id: anId(11), status: "completed" })],
    requests: [aRequest({ task_id: anId(11), kind: "gate" })],
  });
  const { stored } = await sweeping(start, [dueProject]);
  expect(stored.state().project).toMatchObject({
    follow_up: null,
    counts: { open: 0, pending_requests: 0, completed: 1 },
  });
});

test("what a resume left behind is done", async () => {
  const rejected = aTask({ status: "completed" });
  const waiting = aTask({ task_id: anId(11) });
  const start = aChange({
    project: { follow_up: aFollowUp("start_pending"), rejected: [anId(10)] },
    tasks: [rejected, waiting],
  });
  const { stored, sent } = await sweeping(start, [dueProject]);
  expect(stored.state().tasks[anId(10)]?.status).toBe("pending");
  expect(stored.state().project).toMatchObject({ follow_up: null, rejected: [] });
  expect(sent).toEqual([anId(10), anId(11)]);
});

test.each([
  {
    name: "the end of a lease carries the id of its task",
    start: aChange({ tasks: [aWorkingTask({ correlation_id: "call-5" })] }),
    item: dueTask,
    correlation_id: "call-5",
    task_id: anId(10),
  },
  {
    name: "a follow-up carries the id of the request that left it",
    start: aChange({ project: { follow_up: aFollowUp("start_pending") } }),
    item: dueProject,
    correlation_id: "call-0",
  },
  {
    name: "a request that nobody answered carries the id of the sweep",
    start: aChange({ tasks: [aTask({ status: "waiting_for_hitl" })], requests: [aRequest()] }),
    item: dueRequest,
    correlation_id: "sweep-1",
  },
])("$name, and so does the line about its failure", async ({ name: _, start, item, ...keys }) => {
  const { logger, lines } = keptLog();
  const ids: string[] = [];
  await logger.withKeys({ correlation_id: "sweep-1" }, () =>
    sweeping(start, [item], {
      commit: async ({ correlation_id }) => {
        ids.push(correlation_id);
        throw new Error("throttled");
      },
      withLogKeys: logger.withKeys,
      appendLogKeys: logger.appendKeys,
      onError: () => logger.error("sweep failed"),
    }),
  );
  expect(ids).toEqual([keys.correlation_id]);
  expect(lines).toEqual([{ level: "error", text: "sweep failed", ...place, ...keys }]);
});

test("an item that fails is reported, and holds up no other", async () => {
  const due = [dueTask, dueRequest, dueProject, dueConnection];
  const { dropped, errors, swept } = await sweeping(aChange({ tasks: [aTask()] }), due, {
    load: async () => {
      throw new Error("throttled");
    },
  });
  expect(dropped).toEqual(["socket-1"]);
  expect(errors).toHaveLength(2);
  expect(swept).toBe(4);
});

test("an item that stays due is tried once per sweep", async () => {
  let lists = 0;
  const { swept } = await sweeping(aChange(), [], {
    listDue: () => {
      lists += 1;
      return [Promise.resolve([dueConnection])];
    },
  });
  expect([swept, lists]).toEqual([1, 2]);
});

test("a sweep takes no new work after its budget", async () => {
  let lists = 0;
  let seconds = 4_000;
  const { swept } = await sweeping(aChange(), [], {
    now: () => new Date(nowPlus(seconds)),
    listDue: () => {
      lists += 1;
      seconds += 1;
      return [Promise.resolve([{ ...dueConnection, id: `socket-${lists}` }])];
    },
  });
  expect([swept, lists]).toEqual([1, 1]);
});

test("what is due under a key that nobody knows is reported, and holds up nothing", async () => {
  const strange: DueItem = { kind: "unknown", pk: "TENANT#local#PROJECT#1", sk: "WEBHOOK#1" };
  const { errors, sent } = await sweeping(aChange({ tasks: [aTask()] }), [strange, dueTask]);
  expect(String(errors[0])).toContain("WEBHOOK#1");
  expect(sent).toEqual([anId(10)]);
});
