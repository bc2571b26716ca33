import { expect, test } from "vitest";
import type { Budgets } from "../../../lib/domain/budget/budget.ts";
import { emptyLedger, noSpend } from "../../../lib/domain/budget/ledger.ts";
import { wakeNext } from "../../../lib/domain/budget/line.ts";
import { type Change, type Edit, put } from "../../../lib/domain/change.ts";
import { resumeProject, resumeWork } from "../../../lib/domain/project/steer-project.ts";
import { expireRequest } from "../../../lib/domain/request/expire-request.ts";
import type { HitlAction } from "../../../lib/domain/request/request.ts";
import { respond } from "../../../lib/domain/request/respond.ts";
import { settleJoined } from "../../../lib/domain/request/settle-joined.ts";
import { stopAtLimit } from "../../../lib/domain/request/stop-at-limit.ts";
import { cancelTask } from "../../../lib/domain/task/cancel-task.ts";
import { startTask } from "../../../lib/domain/task/run-task.ts";
import { taskDue } from "../../../lib/domain/task/task.ts";
import {
  aChange,
  aMoment,
  anId,
  aWorkingTask,
  decided,
  now,
  nowPlus,
} from "../../support/builders.ts";

const transcript = "e".repeat(64);
const none: Budgets = { task: null, project: null, tenant: null, day: null };
const wanted = { minCost: 10, maxCost: 100 };
const ids = [anId(10), anId(11), anId(12)];

type Money = { cost?: number; reserved?: number };

const aLedger = (id: string, { cost = 0, reserved = 0 }: Money) => ({
  ...emptyLedger(id),
  spend: { ...noSpend, cost },
  reserved,
});

/** Three tasks at work in a project with a limit of 1 000. */
const working = (money: Money, id = "project"): Change => ({
  ...aChange({
    tasks: ids.map((task_id) => aWorkingTask({ task_id, max_attempts: 3 })),
    project: { agents: { coder: { working: ids, at: now } } },
  }),
  ledgers: { [id]: aLedger(id, money) },
});

const stop =
  (n: number, budgets: Partial<Budgets> = { project: 1_000 }): Edit =>
  (change) => {
    const task = change.tasks[anId(n)];
    if (!task) return change;
    const given = { wanted, transcript, budgets: { ...none, ...budgets }, now };
    return stopAtLimit(task, given, aMoment({ now: nowPlus(1) }))(change);
  };

const pendingIn = ({ requests }: Change) =>
  Object.values(requests).filter(({ status }) => status === "pending");

const typesIn = ({ events }: Change) =>
  events.map(({ event_type }) => event_type).filter((type) => type !== "agent_status_change");

test("a call that only other calls are in the way of waits: pending, in line, and no attempt is used up", () => {
  const after = decided(working({ reserved: 950 }), stop(10));
  expect(after.tasks[anId(10)]).toMatchObject({
    status: "pending",
    waiting_for: { scope: "project", owner: "all", limit_usd: 0.001, request_id: null },
    attempt: 1,
    max_attempts: 4,
    transcript,
    lease_until: null,
  });
  expect(after.ledgers.project?.waiting).toEqual([
    { project_id: anId(1), task_id: anId(10), limit: 1_000, ...wanted, agreed: false },
  ]);
  expect(typesIn(after)).toEqual(["task_waiting"]);
  expect(after.project.agents.coder?.working).toEqual(ids.slice(1));
  expect(pendingIn(after)).toEqual([]);
});

test("money that came back before the attempt has ended lets it go on at once", () => {
  const after = decided(working({ reserved: 0 }), stop(10));
  expect(after.tasks[anId(10)]).toMatchObject({
    status: "pending",
    waiting_for: null,
    max_attempts: 4,
    transcript,
  });
  expect(after.ledgers.project?.waiting).toEqual([]);
  expect(after.events[0]).toMatchObject({ data: { reason: "budget" } });
});

test.each(["tenant", "day"] as const)("at a limit of the %s it waits in that line", (scope) => {
  const id = scope === "day" ? "day:2030-01-01" : scope;
  const after = decided(working({ reserved: 950 }, id), stop(10, { [scope]: 1_000 }));
  expect(after.ledgers[id]?.waiting).toMatchObject([{ task_id: anId(10) }]);
});

test("who waits leaves the line when it starts, and when it is cancelled", () => {
  const waits = decided(working({ reserved: 950 }), stop(10), stop(11));
  const [one, two] = [anId(10), anId(11)].map((id) => waits.tasks[id]);
  if (!one || !two) throw new Error("There are no tasks.");
  const after = decided(
    waits,
    startTask(one, 60_000, aMoment()),
    cancelTask(two, "Enough.", aMoment()),
  );
  expect(after.ledgers.project?.waiting).toEqual([]);
  expect(after.tasks[anId(10)]).toMatchObject({ status: "working", waiting_for: null });
  expect(after.tasks[anId(11)]).toMatchObject({ status: "cancelled", waiting_for: null });
});

test("the sweeper looks at who waits less and less often, and when a day's limit ends", () => {
  const task = decided(working({ reserved: 950 }), stop(10)).tasks[anId(10)];
  if (!task) throw new Error("There is no task.");
  expect(taskDue(task, 30_000)).toBe(nowPlus(31));
  const later = { ...task, enqueue_count: 3, enqueued_at: nowPlus(300) };
  expect(taskDue(later, 30_000)).toBe(nowPlus(540));
  const ofDay = task.waiting_for && { ...task.waiting_for, scope: "day", owner: "2029-12-31" };
  expect(taskDue({ ...later, waiting_for: ofDay as never }, 30_000)).toBe(now);
});

test("at one limit one question is asked; the others wait for its answer, and it says how many", () => {
  const after = decided(working({ cost: 950 }), stop(10), stop(11), stop(12));
  const [request, ...others] = pendingIn(after);
  expect(others).toEqual([]);
  expect(request).toMatchObject({
    task_id: anId(10),
    waiting_tasks: 3,
    question: expect.stringMatching(/new limit\. 2 other tasks wait for this answer too\.$/),
    about: { kind: "nearly", scope: "project", amount: 1_000, needed: 10 },
  });
  for (const id of ids) {
    expect(after.tasks[id]).toMatchObject({
      status: "waiting_for_hitl",
      pending_request: request?.request_id,
      waiting_for: { request_id: request?.request_id },
      transcript,
    });
  }
  expect(typesIn(after)).toEqual(["hitl_request_created", "task_waiting", "task_waiting"]);
  expect(after.project.counts.pending_requests).toBe(1);
});

test("whether nearly or entirely used up: it is one limit, and one question", () => {
  const ofOne = decided(working({ cost: 950 }), stop(10));
  const more = { ...ofOne, ledgers: { project: aLedger("project", { cost: 995 }) } };
  expect(pendingIn(decided(more, stop(11)))).toMatchObject([{ waiting_tasks: 2 }]);
});

test("tasks at limits of their own, or at another amount, ask for themselves", () => {
  const own = decided(working({}), stop(10, { task: 0 }), stop(11, { task: 0 }));
  expect(pendingIn(own)).toHaveLength(2);
  expect(own.project.asked_limits).toEqual([]);
  const two = decided(working({ cost: 950 }), stop(10), stop(11, { project: 999 }));
  expect(pendingIn(two)).toHaveLength(2);
});

const answered = (action: HitlAction, value: string | null = null) => {
  const asked = decided(working({ cost: 950 }), stop(10), stop(11), stop(12));
  const [request] = pendingIn(asked);
  const task = asked.tasks[anId(10)];
  if (!request || !task) throw new Error("Nobody was asked.");
  const content = value === null ? null : { value, sha256: "c".repeat(64), bytes: 4 };
  const response = { action, comment: null, content };
  return decided(asked, respond(request, task, response, aMoment()));
};

const statusesIn = ({ tasks }: Change) => ids.map((id) => tasks[id]?.status);

test.each([
  ["approve", null],
  ["amend", "2"],
] as const)("one answer (%s) lets all go on", (action, value) => {
  const after = answered(action, value);
  expect(statusesIn(after)).toEqual(["pending", "waiting_for_hitl", "waiting_for_hitl"]);
  expect(after.project).toMatchObject({
    follow_up: { kind: "settle_joined" },
    asked_limits: [],
  });
  const settled = decided(after, settleJoined(ids, aMoment()));
  for (const id of ids) {
    expect(settled.tasks[id]).toMatchObject({
      status: "pending",
      pending_request: null,
      waiting_for: null,
      transcript,
    });
  }
  expect(decided(settled, settleJoined(ids, aMoment()))).toBe(settled);
});

test("a rejection fails all who wait for it, and a resume starts all of them again", () => {
  const after = decided(answered("reject"), settleJoined(ids, aMoment()));
  expect(statusesIn(after)).toEqual(["failed", "failed", "failed"]);
  expect(after.project).toMatchObject({ status: "halted", rejected: ids });
  expect(after.project.agents.coder?.waiting).toBeUndefined();
  const again = decided(after, resumeProject(aMoment()), resumeWork(ids, [], aMoment()));
  expect(statusesIn(again)).toEqual(["pending", "pending", "pending"]);
});

test("an answer takes no place from a follow-up that starts all pending tasks", () => {
  const asked = decided(working({ cost: 950 }), stop(10), stop(11));
  const [request] = pendingIn(asked);
  const task = asked.tasks[anId(10)];
  if (!request || !task) throw new Error("Nobody was asked.");
  const follow_up = { id: "f1", kind: "start_pending" as const, at: now, correlation_id: "c" };
  const busy = { ...asked, project: { ...asked.project, follow_up } };
  const response = { action: "approve" as const, comment: null, content: null };
  const after = decided(busy, respond(request, task, response, aMoment()));
  expect(after.project.follow_up).toMatchObject({ kind: "start_pending" });
  expect(after.project.follow_up?.id).not.toBe("f1");
});

test("nobody answers: all look for money again once the project is resumed", () => {
  const asked = decided(working({ cost: 950 }), stop(10), stop(11));
  const [request] = pendingIn(asked);
  if (!request) throw new Error("Nobody was asked.");
  const late = aMoment({ now: request.expires_at });
  const expired = decided(asked, expireRequest(request, late), settleJoined(ids, late));
  expect(statusesIn(expired)).toEqual(["waiting_for_hitl", "pending", "working"]);
  const resumed = decided(expired, resumeProject(late), resumeWork([], [request.request_id], late));
  expect(statusesIn(resumed)).toEqual(["pending", "pending", "working"]);
  expect(resumed.tasks[anId(10)]?.transcript).toBe(transcript);
});

test("who is cancelled no longer counts; when it was the one who asked, the others ask again", () => {
  const asked = decided(working({ cost: 950 }), stop(10), stop(11), stop(12));
  const cancel =
    (id: string): Edit =>
    (change) => {
      const task = change.tasks[id];
      return task ? cancelTask(task, "Enough.", aMoment())(change) : change;
    };
  const fewer = decided(asked, cancel(anId(12)));
  expect(pendingIn(fewer)).toMatchObject([
    { waiting_tasks: 2, question: expect.stringContaining("1 other task waits") },
  ]);
  const gone = decided(fewer, cancel(anId(10)), settleJoined(ids, aMoment()));
  expect(pendingIn(gone)).toEqual([]);
  expect(statusesIn(gone)).toEqual(["cancelled", "pending", "cancelled"]);
  expect(gone.project).toMatchObject({ asked_limits: [], follow_up: { kind: "settle_joined" } });
});

test("an answer wakes who waits for money at the same limit", () => {
  const waits = decided(working({ cost: 850, reserved: 100 }), stop(11));
  const spent = aLedger("project", { cost: 950 });
  const after = decided(
    waits,
    put("ledgers", { ...spent, waiting: waits.ledgers.project?.waiting ?? [] }),
    stop(10),
  );
  const [request] = pendingIn(after);
  const task = after.tasks[anId(10)];
  if (!request || !task) throw new Error("Nobody was asked.");
  const response = { action: "approve" as const, comment: null, content: null };
  const answeredOnce = decided(after, respond(request, task, response, aMoment()));
  expect(answeredOnce.woken).toEqual([{ project_id: anId(1), task_id: anId(11) }]);
  expect(decided(answeredOnce, wakeNext("project")).woken).toHaveLength(1);
});
