import { expect, test } from "vitest";
import { apply, type Change } from "../../../lib/domain/change.ts";
import { resumeProject } from "../../../lib/domain/project/steer-project.ts";
import { isOpen } from "../../../lib/domain/task/task.ts";
import { type FollowUpDeps, runFollowUp } from "../../../lib/services/commit/follow-ups.ts";
import {
  aChange,
  aFollowUp,
  aMoment,
  anId,
  aRequest,
  aTask,
  aWorkingTask,
  waitTimes,
} from "../../support/builders.ts";
import { silentLog } from "../../support/log.ts";
import { aStoredProject } from "./stored-project.ts";

const key = { tenant: "local", project_id: anId(1) };

/** Pages of a list, in the order of its ids. */
const paged = <T>(
  records: () => Readonly<Record<string, T>>,
  limit: number,
  after: string | null,
) => {
  const ids = Object.keys(records()).toSorted();
  const from = after === null ? 0 : ids.indexOf(after) + 1;
  const page = ids.slice(from, from + limit);
  const items = page.flatMap((id) => records()[id] ?? []);
  return { items, last: from + limit < ids.length ? (page.at(-1) ?? null) : null };
};

const doing = (start: Change, more: Partial<FollowUpDeps> = {}) => {
  const stored = aStoredProject(start);
  const sent: string[] = [];
  const deps: FollowUpDeps = {
    ...stored,
    ...waitTimes,
    listTasks: async (_key, { after, limit }) => paged(() => stored.state().tasks, limit, after),
    listRequests: async (_key, { before, limit }) =>
      paged(() => stored.state().requests, limit, before),
    touchTask: async () => true,
    sendTask: async ({ task_id }) => void sent.push(task_id),
    appendLogKeys: silentLog.appendKeys,
    ...more,
  };
  return { stored, sent, deps, run: () => runFollowUp(deps, key) };
};

const tasks = (count: number, fields = {}) =>
  Array.from({ length: count }, (_, n) => aTask({ task_id: anId(100 + n), ...fields }));

test("without a follow-up nothing happens", async () => {
  const { stored, run, sent } = doing(aChange({ tasks: tasks(1) }));
  await run();
  expect([stored.commits(), sent]).toEqual([0, []]);
});

test("each commit of a follow-up carries the id of the request that left it", async () => {
  const project = { status: "completed", follow_up: aFollowUp("close_open") } as const;
  const { stored, deps } = doing(aChange({ project, tasks: tasks(12) }));
  const ids: string[] = [];
  const commit: FollowUpDeps["commit"] = (request) => {
    ids.push(request.correlation_id);
    return stored.commit(request);
  };
  await runFollowUp({ ...deps, commit }, key);
  expect(ids).toEqual(["call-0", "call-0", "call-0"]);
});

test("many open tasks are cancelled, a few per commit", async () => {
  const project = { status: "completed", follow_up: aFollowUp("close_open") } as const;
  const { stored, run } = doing(aChange({ project, tasks: tasks(25) }));
  await run();
  expect(Object.values(stored.state().tasks).filter(isOpen)).toEqual([]);
  expect(stored.state().project).toMatchObject({ follow_up: null, counts: { open: 0 } });
  expect(stored.commits()).toBe(4);
});

test("a waiting task is cancelled together with its request", async () => {
  const task = aTask({ status: "waiting_for_hitl", pending_request: anId(20) });
  const project = { status: "cancelled", follow_up: aFollowUp("close_open") } as const;
  const { stored, run } = doing(aChange({ project, tasks: [task], requests: [aRequest()] }));
  await run();
  expect(stored.state().project.counts).toMatchObject({ open: 0, pending_requests: 0 });
  expect(stored.log.map(({ event_type }) => event_type)).toEqual([
    "hitl_expired",
    "task_cancelled",
  ]);
});

test("after a resume every pending task is enqueued again, and no other", async () => {
  const start = aChange({
    project: { follow_up: aFollowUp("start_pending") },
    tasks: [...tasks(60), aWorkingTask()],
  });
  const { run, sent } = doing(start);
  await run();
  expect(sent.toSorted()).toEqual(tasks(60).map(({ task_id }) => task_id));
});

test("after a resume many rejected tasks run again", async () => {
  const rejected = tasks(25, { status: "failed" });
  const ids = rejected.map(({ task_id }) => task_id);
  const { stored, run, sent } = doing(
    aChange({ project: { follow_up: aFollowUp("start_pending"), rejected: ids }, tasks: rejected }),
  );
  await run();
  expect(stored.state().project.rejected).toEqual([]);
  expect(sent.toSorted()).toEqual(ids);
});

test("a follow-up that died half-way is run again, with the same result", async () => {
  const project = { status: "cancelled", follow_up: aFollowUp("close_open") } as const;
  let budget = 2;
  const { stored, deps, run } = doing(aChange({ project, tasks: tasks(25) }));
  const dying: FollowUpDeps = {
    ...deps,
    commit: (request) => {
      budget -= 1;
      if (budget < 0) throw new Error("The process died.");
      return stored.commit(request);
    },
  };
  await expect(runFollowUp(dying, key)).rejects.toThrow("died");
  expect(stored.state().project).toMatchObject({
    follow_up: { kind: "close_open" },
    counts: { open: 5 },
  });
  await run();
  expect(stored.state().project).toMatchObject({ follow_up: null, counts: { open: 0 } });
});

test("a follow-up that a pause overtook starts nothing", async () => {
  const project = { status: "paused", follow_up: aFollowUp("start_pending") } as const;
  const { stored, run, sent } = doing(aChange({ project, tasks: tasks(3) }));
  await run();
  expect(sent).toEqual([]);
  expect(stored.state().project.follow_up).toBeNull();
});

// Paused and resumed while the first follow-up looks on: the second resume leaves one of its own.
test("a follow-up does not clear that of a later resume", async () => {
  const failed = aTask({ status: "failed" });
  const start = aChange({
    project: { status: "paused", follow_up: aFollowUp("start_pending"), rejected: [anId(10)] },
    tasks: [failed],
  });
  const { stored, deps, run } = doing(start);
  let commits = 0;
  const overtaken: FollowUpDeps = {
    ...deps,
    commit: (request) => {
      commits += 1;
      if (commits === 1) stored.meanwhile((change) => apply(change, resumeProject(aMoment())));
      return stored.commit(request);
    },
  };
  await runFollowUp(overtaken, key);
  await run();
  expect(stored.state().tasks[anId(10)]?.status).toBe("pending");
});
