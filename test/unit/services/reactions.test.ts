import { expect, test } from "vitest";
import type { LogKeys, WithLogKeys } from "../../../lib/contracts/log.ts";
import { emit, type WokenTask } from "../../../lib/domain/change.ts";
import { projectEvent } from "../../../lib/domain/events.ts";
import { prepareWrite } from "../../../lib/domain/prepare-write.ts";
import type { FollowUp } from "../../../lib/domain/project/follow-up.ts";
import type { ProjectStatus } from "../../../lib/domain/project/project.ts";
import type { TaskRecord } from "../../../lib/domain/task/task.ts";
import type { Committed } from "../../../lib/services/commit/commit.ts";
import { enqueueTasks } from "../../../lib/services/reactions/enqueue-tasks.ts";
import { notifySockets } from "../../../lib/services/reactions/notify-sockets.ts";
import type { Reaction, ReactionWork } from "../../../lib/services/reactions/reaction.ts";
import { runFollowUps } from "../../../lib/services/reactions/run-follow-ups.ts";
import { runReactions } from "../../../lib/services/reactions/run-reactions.ts";
import { wakeTasks } from "../../../lib/services/reactions/wake-tasks.ts";
import {
  aChange,
  aFollowUp,
  aMoment,
  anId,
  aProject,
  aTask,
  aWait,
  aWorkingTask,
  now,
  nowPlus,
  waitTimes,
} from "../../support/builders.ts";

type CommitFields = {
  tasks?: TaskRecord[];
  status?: ProjectStatus;
  changedIds?: string[];
  woken?: WokenTask[];
  happened?: boolean;
  follow_up?: FollowUp | null;
  before?: FollowUp | null;
};

const aCommit = (given: CommitFields = {}): Committed<null> => {
  const { tasks = [], status = "active", happened = true, follow_up = null, before = null } = given;
  const after = aChange({ project: { status, follow_up }, tasks });
  const { events } = prepareWrite(
    emit(projectEvent("error", { code: "x", message: "y" }))(after),
    aMoment(),
    waitTimes,
  );
  return {
    result: null,
    correlation_id: "call-7",
    before: aProject({ follow_up: before }),
    after,
    events: happened ? events : [],
    changedIds: new Set(given.changedIds ?? Object.keys(after.tasks)),
    woken: given.woken ?? [],
  };
};

/** Runs reactions; `cutOff` lets their time be over. */
const running = (reactions: readonly Reaction[]) => {
  const reports: unknown[] = [];
  const time = new AbortController();
  let keys: LogKeys = {};
  const withLogKeys: WithLogKeys = (more, work) => {
    keys = { ...keys, ...more };
    return work();
  };
  const deps = {
    onReactionFailed: (reaction: string, error: unknown) =>
      reports.push({ reaction, message: (error as Error).message, ...keys }),
    withLogKeys,
    timeout: () => time.signal,
  };
  const done = runReactions(deps, reactions, aCommit());
  return { done, reports, cutOff: () => time.abort() };
};

const aReaction = (name: string, work: ReactionWork, awaited: Reaction["awaited"] = "briefly") => ({
  name,
  awaited,
  of: () => [work],
});

const fail = async () => {
  throw new Error("It is down.");
};
const hang = () => new Promise<void>(() => undefined);
const ids = { tenant: "local", project_id: anId(1), correlation_id: "call-7" };

test("a reaction that fails is reported with its name and the commit's ids, and stops no other", async () => {
  const ran: string[] = [];
  const run = (name: string, awaited?: Reaction["awaited"]) =>
    aReaction(name, async () => void ran.push(name), awaited);
  const confused: Reaction = {
    name: "confused",
    awaited: "briefly",
    of: () => {
      throw new Error("It makes no sense.");
    },
  };
  const { done, reports } = running([
    run("last", "to-its-end"),
    aReaction("broken", fail),
    confused,
    aReaction("broken long", fail, "to-its-end"),
    run("first"),
  ]);
  await done;
  expect(ran).toEqual(["first", "last"]);
  expect(reports).toEqual([
    { reaction: "confused", message: "It makes no sense.", ...ids },
    { reaction: "broken", message: "It is down.", ...ids },
    { reaction: "broken long", message: "It is down.", ...ids },
  ]);
});

test("a reaction that hangs is reported when its time is over, and those that commit again then begin", async () => {
  let committed = false;
  const again = async () => {
    committed = true;
  };
  const { done, reports, cutOff } = running([
    aReaction("hanging", hang),
    aReaction("broken", fail),
    aReaction("committing", again, "to-its-end"),
  ]);
  await expect.poll(() => reports.length).toBe(1);
  expect(committed).toBe(false);
  cutOff();
  await done;
  expect(committed).toBe(true);
  expect(reports).toEqual([
    { reaction: "broken", message: "It is down.", ...ids },
    { reaction: "hanging", message: "Not done after 3000 ms", ...ids },
  ]);
});

test("who may go on is told, in whatever project; and who waits for money is not enqueued", async () => {
  const sent: unknown[] = [];
  const sendTask = async (message: unknown, delayMs: number) => void sent.push([message, delayMs]);
  const woken = [{ project_id: anId(2), task_id: anId(11) }];
  const committed = aCommit({ woken, tasks: [aTask({ waiting_for: aWait() })] });
  const reactions = [wakeTasks({ sendTask }), enqueueTasks({ sendTask, now: () => new Date(now) })];
  await Promise.all(reactions.flatMap(({ of }) => of(committed)).map((work) => work()));
  const message = { kind: "task", tenant: "local", ...woken[0], correlation_id: "call-7" };
  expect(sent).toEqual([[message, 0]]);
});

test("a reaction that commits again has no time limit", async () => {
  let finish: () => void = () => undefined;
  const long = () =>
    new Promise<void>((resolve) => {
      finish = resolve;
    });
  const { done, reports, cutOff } = running([aReaction("committing", long, "to-its-end")]);
  cutOff();
  await new Promise((resolve) => setImmediate(resolve));
  finish();
  await done;
  expect(reports).toEqual([]);
});

const enqueued = async (given: CommitFields) => {
  const sent: unknown[] = [];
  const reaction = enqueueTasks({
    sendTask: async ({ task_id }, delayMs) => void sent.push([task_id, delayMs]),
    now: () => new Date(now),
  });
  await Promise.all(reaction.of(aCommit(given)).map((work) => work()));
  return sent;
};

const [first, delayed] = [aTask(), aTask({ task_id: anId(11), not_before: nowPlus(4) })];

test.each([
  { name: "a task that became pending", given: { tasks: [first] }, sent: [[anId(10), 0]] },
  {
    name: "a retry, as late as it is due",
    given: { tasks: [delayed] },
    sent: [[anId(11), 4_000]],
  },
  {
    name: "only what this commit touched",
    given: { tasks: [first, delayed], changedIds: [anId(11)] },
    sent: [[anId(11), 4_000]],
  },
  { name: "nothing of a task that runs", given: { tasks: [aWorkingTask()] }, sent: [] },
  { name: "nothing in a paused project", given: { tasks: [first], status: "paused" }, sent: [] },
  {
    name: "nothing in a closed project",
    given: { tasks: [first], status: "completed" },
    sent: [],
  },
] as { name: string; given: CommitFields; sent: unknown[] }[])(
  "the queue is told of $name",
  async ({ given, sent }) => {
    expect(await enqueued(given)).toEqual(sent);
  },
);

test.each([
  { happened: true, notified: [1] },
  { happened: false, notified: [] },
])("watchers are told when there are events: $happened", async ({ happened, notified }) => {
  const seen: number[] = [];
  const reaction = notifySockets({
    listSubscriptions: async () => [],
    post: async () => "sent",
    dropConnection: async () => undefined,
    sendFanout: async () => undefined,
    onSocketsNotified: (to) => void seen.push(to),
    now: () => new Date(now),
  });
  await Promise.all(reaction.of(aCommit({ happened })).map((work) => work()));
  expect(seen).toEqual(notified);
});

const left = aFollowUp("close_open");

test.each([
  { name: "that this commit left is run", follow_up: left, before: null, works: 1 },
  {
    name: "that takes the place of another is run",
    follow_up: left,
    before: { ...left, id: anId(41) },
    works: 1,
  },
  {
    name: "of an earlier commit is left to its own process",
    follow_up: left,
    before: left,
    works: 0,
  },
  { name: "that is done is over", follow_up: null, before: left, works: 0 },
])("a follow-up $name", ({ follow_up, before, works }) => {
  const unused = async () => {
    throw new Error("It must not be started yet.");
  };
  const reaction = runFollowUps({
    commit: unused,
    load: unused,
    listTasks: unused,
    listRequests: unused,
    touchTask: unused,
    sendTask: unused,
    appendLogKeys: () => undefined,
    ...waitTimes,
    now: () => new Date(now),
  });
  expect(reaction.of(aCommit({ follow_up, before }))).toHaveLength(works);
});
