import { expect, test } from "vitest";
import { ledgerIn } from "../../../lib/domain/budget/ledger.ts";
import { wakeNext } from "../../../lib/domain/budget/line.ts";
import { apply, type Change, type Edit, put, setProject } from "../../../lib/domain/change.ts";
import { addMs, type Moment } from "../../../lib/domain/common.ts";
import type { Event } from "../../../lib/domain/events.ts";
import { afterWrite, prepareWrite } from "../../../lib/domain/prepare-write.ts";
import { Problem } from "../../../lib/domain/problem.ts";
import { closeProject } from "../../../lib/domain/project/close-project.ts";
import { createProject } from "../../../lib/domain/project/create-project.ts";
import { isClosed } from "../../../lib/domain/project/project.ts";
import {
  cancelOpen,
  pauseProject,
  resumeProject,
  resumeWork,
} from "../../../lib/domain/project/steer-project.ts";
import { askHuman } from "../../../lib/domain/request/ask-human.ts";
import { expireRequest } from "../../../lib/domain/request/expire-request.ts";
import type { RequestKind, RequestRecord } from "../../../lib/domain/request/request.ts";
import { respond } from "../../../lib/domain/request/respond.ts";
import { settleJoined } from "../../../lib/domain/request/settle-joined.ts";
import { stopAtLimit } from "../../../lib/domain/request/stop-at-limit.ts";
import { cancelTask } from "../../../lib/domain/task/cancel-task.ts";
import { completeTask } from "../../../lib/domain/task/complete-task.ts";
import { failAttempt } from "../../../lib/domain/task/fail-attempt.ts";
import { runAgain } from "../../../lib/domain/task/run-again.ts";
import { mayStart, startTask } from "../../../lib/domain/task/run-task.ts";
import { isOpen, type TaskRecord, type TaskStatus } from "../../../lib/domain/task/task.ts";
import { addTask, newTask } from "../../../lib/domain/workflow/schedule-step.ts";
import {
  aChange,
  aDelivery,
  aMoment,
  expectSound,
  now,
  sdlc,
  waitTimes,
} from "../../support/builders.ts";
import { randomOf } from "../../support/random.ts";
import { changedIds, mistagged, replay } from "../../support/replay.ts";

type World = { change: Change; moment: Moment; pick: <T>(items: readonly T[]) => T | undefined };

const tasksOf = ({ change }: World, ...statuses: TaskStatus[]) =>
  Object.values(change.tasks).filter(({ status }) => statuses.includes(status));
const anyTask = (world: World, ...statuses: TaskStatus[]) =>
  world.pick(tasksOf(world, ...statuses));
const anyRequest = (world: World): RequestRecord | undefined =>
  world.pick(Object.values(world.change.requests).filter(({ status }) => status === "pending"));

const on = (task: TaskRecord | undefined, edit: (task: TaskRecord) => Edit): Edit[] =>
  task ? [edit(task)] : [];
const active = ({ change }: World) => change.project.status === "active";
const alive = ({ change }: World) => !isClosed(change.project);

const words: Record<RequestKind, readonly string[]> = {
  gate: ["More"],
  question: ["SQLite"],
  failure: ["retry", "skip", "cancel"],
  tests: ["retry", "skip"],
  budget: ["5"],
};

const answer = (world: World, action: "approve" | "reject" | "amend"): Edit[] => {
  const request = anyRequest(world);
  const task = request && world.change.tasks[request.task_id];
  if (!request || !task) return [];
  const value = world.pick(words[request.kind]) ?? null;
  const content = action === "amend" ? { value, sha256: "c".repeat(64), bytes: 6 } : null;
  return [respond(request, task, { action, content, comment: null }, world.moment)];
};

const failure = { code: "x", message: "Boom" };
const bare = {
  name: "Haiku",
  agent_type: "coder",
  phase: null,
  instructions: "Write.",
  context_ids: [],
  priority: 3,
  step: null,
  output_type: "agent_output",
} as const;

/** What can happen to a project, under the rules of the use cases. */
const happenings: Record<string, (world: World) => Edit[]> = {
  start: (world) =>
    on(
      active(world)
        ? world.pick(tasksOf(world, "pending").filter((task) => mayStart(task, world.moment.now)))
        : undefined,
      (task) => startTask(task, 60_000, world.moment),
    ),
  complete: (world) =>
    on(alive(world) ? anyTask(world, "working") : undefined, (task) =>
      completeTask(
        task,
        aDelivery({ tests_passed: world.pick([true, false]) ?? true }),
        world.moment,
      ),
    ),
  fail: (world) =>
    on(alive(world) ? anyTask(world, "working") : undefined, (task) =>
      failAttempt(
        task,
        { error: failure, retryable: world.pick([true, false]) ?? true, reason: "failed" },
        1_000,
        world.moment,
      ),
    ),
  ask: (world) =>
    on(alive(world) ? anyTask(world, "working", "pending") : undefined, (task) =>
      askHuman(task, { question: "Which?", options: [], context: [] }, world.moment),
    ),
  stop: (world) =>
    on(alive(world) ? anyTask(world, "working") : undefined, (task) => {
      const wanted = { minCost: 10, maxCost: 50 };
      const project = world.pick([0, 100, 100, 1_000]) ?? 0;
      const budgets = { task: null, project, tenant: null, day: null };
      const stop = { wanted, transcript: null, budgets, now: world.moment.now };
      return stopAtLimit(task, stop, world.moment);
    }),
  spend: (world) =>
    on(alive(world) ? anyTask(world, "working") : undefined, () => {
      const ledger = ledgerIn(world.change, "project");
      const spend = { ...ledger.spend, cost: world.pick([0, 50, 95, 100]) ?? 0 };
      const reserved = world.pick([0, 0, 60]) ?? 0;
      return (change) =>
        wakeNext("project")(put("ledgers", { ...ledger, spend, reserved })(change));
    }),
  add: (world) =>
    alive(world) ? [addTask(newTask(world.change.project.id, bare, world.moment))] : [],
  approve: (world) => answer(world, "approve"),
  amend: (world) => answer(world, "amend"),
  reject: (world) => answer(world, "reject"),
  expire: (world) => {
    const request = anyRequest(world);
    return request ? [expireRequest(request, { ...world.moment, now: request.expires_at })] : [];
  },
  cancel_task: (world) =>
    on(
      alive(world) ? world.pick(Object.values(world.change.tasks).filter(isOpen)) : undefined,
      (task) => cancelTask(task, "Enough.", world.moment),
    ),
  retry_task: (world) =>
    on(alive(world) ? anyTask(world, "failed", "cancelled") : undefined, (task) =>
      runAgain(task, { move: "retry", reason: "retried" }, world.moment),
    ),
  pause: () => [pauseProject],
  resume: (world) => [resumeProject(world.moment)],
  close: (world) =>
    world.pick([1, 2, 3, 4, 5, 6, 7, 8]) === 1 ? [closeProject("cancel", null, world.moment)] : [],
};
const likely = [
  "start",
  "start",
  "start",
  "complete",
  "complete",
  "complete",
  "approve",
  "resume",
  "stop",
  "spend",
];
const names = [...Object.keys(happenings), ...likely];

/** What a change of the project's status leaves behind. */
const doFollowUp =
  (moment: Moment): Edit =>
  (change) => {
    const { follow_up } = change.project;
    const all = { tasks: Object.keys(change.tasks), requests: Object.keys(change.requests) };
    const edits = {
      close_open: [cancelOpen(all, moment)],
      start_pending: [
        settleJoined(all.tasks, moment),
        (current: Change) => {
          const { rejected, unanswered } = current.project;
          return resumeWork(rejected, unanswered, moment)(current);
        },
      ],
      settle_joined: [settleJoined(all.tasks, moment)],
    };
    return follow_up
      ? apply(change, ...edits[follow_up.kind], setProject({ follow_up: null }))
      : change;
  };

/** The edits' outcome; the same change where the rules refuse them. */
const tryTo = (change: Change, edits: readonly Edit[]): Change => {
  try {
    return apply(change, ...edits);
  } catch (error) {
    if (error instanceof Problem && error.code === "conflict") return change;
    throw error;
  }
};

const askedFrom: Record<RequestKind, TaskStatus> = {
  gate: "completed",
  tests: "completed",
  question: "waiting_for_hitl",
  failure: "failed",
  budget: "waiting_for_hitl",
};

const expectAnswerable = ({ tasks, requests }: Change, trail: string) => {
  for (const { status, kind, task_id, request_id } of Object.values(requests)) {
    if (status !== "pending") continue;
    expect(tasks[task_id], trail).toMatchObject({
      status: askedFrom[kind],
      pending_request: request_id,
    });
  }
};

/** An agent works on its working tasks, and waits about those that a person was asked about. */
const expectHonest = ({ project, tasks }: Change, trail: string) => {
  const of = (keep: (task: TaskRecord) => boolean) =>
    Object.values(tasks)
      .filter(keep)
      .map(({ task_id }) => task_id)
      .toSorted();
  const agents = Object.values(project.agents);
  const working = agents.flatMap((activity) => activity?.working ?? []).toSorted();
  const waiting = agents.flatMap((activity) => activity?.waiting ?? []).toSorted();
  expect(working, trail).toEqual(of(({ status }) => status === "working"));
  expect(waiting, trail).toEqual(
    of(({ status, pending_request }) => status !== "failed" && pending_request !== null),
  );
};

const expectEnded = ({ project }: Change, trail: string) => {
  if (!isClosed(project)) return;
  expect(project.counts, trail).toMatchObject({ open: 0, pending_requests: 0 });
  for (const activity of Object.values(project.agents)) {
    expect([activity?.working, activity?.waiting], trail).toEqual([undefined, undefined]);
  }
};

const walk = (seed: number) => {
  const random = randomOf(seed);
  const pick = <T>(items: readonly T[]) => items[Math.floor(random() * items.length)];
  const oversight_level = pick(["high", "medium", "low"] as const) ?? "high";
  const input = { name: "Cookbook", description: null, oversight_level } as const;
  const kept = { workflow: sdlc, digest: "d" };
  const trail = [`seed ${seed}`];
  const log: Event[] = [];
  const keep = (before: Change, decided: Change): Change => {
    expect([...decided.changedIds], trail.join(", ")).toEqual(
      expect.arrayContaining(changedIds(before, decided)),
    );
    const prepared = prepareWrite(expectSound(decided), aMoment(), waitTimes);
    log.push(...prepared.events);
    expect(mistagged(before, decided), trail.join(", ")).toEqual([]);
    expectAnswerable(decided, trail.join(", "));
    expectEnded(decided, trail.join(", "));
    expectHonest(decided, trail.join(", "));
    return afterWrite(prepared);
  };
  let change = keep(aChange(), createProject({ tenant: "local", input, kept }, aMoment()));
  for (let step = 0; step < 60; step += 1) {
    const name = pick(names) ?? "";
    const moment = aMoment({ now: addMs(now, step * 10_000) });
    const edits = happenings[name]?.({ change, moment, pick }) ?? [];
    if (edits.length > 0) trail.push(name);
    change = keep(change, doFollowUp(moment)(tryTo(change, edits)));
  }
  expect(replay(log), trail.join(", ")).toEqual(replay.expected(change));
};

test.each(Array.from({ length: 60 }, (_, index) => index))(
  "whatever happens, in walk %i the records stay sound",
  (seed) => walk(seed),
);
