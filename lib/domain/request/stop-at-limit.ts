import {
  type Budgets,
  budgetQuestion,
  type CallCost,
  decideBudget,
  type LimitState,
  ledgerOfLimit,
  limitsOf,
  type Verdict,
} from "../budget/budget.ts";
import { isSameLimit, limitRef, waitingForLimit } from "../budget/limit.ts";
import { joinLine } from "../budget/line.ts";
import { apply, type Change, type Edit, emit, moveAgent, put } from "../change.ts";
import type { Moment } from "../common.ts";
import { taskEvent } from "../events.ts";
import { moveTask, type TaskRecord } from "../task/task.ts";
import { askHuman } from "./ask-human.ts";
import { joinRequest } from "./joined.ts";

/** An attempt that ended because its next call could not be paid. */
export type Stop = {
  wanted: CallCost;
  /** Digest of the conversation from which the next attempt goes on. */
  transcript: string | null;
  budgets: Budgets;
  /** The instant that decides the day's ledger. */
  now: string;
};

/** Makes the task pending. The attempt does not count: the task keeps as many as it had. */
const pendingAgain = (task: TaskRecord, { transcript }: Stop, now: string): TaskRecord => ({
  ...task,
  status: moveTask(task.status, "wait_for_money"),
  max_attempts: task.max_attempts + 1,
  progress_percentage: 0,
  updated_at: now,
  lease_until: null,
  not_before: null,
  enqueue_count: 0,
  enqueued_at: null,
  transcript,
});

const goOn =
  (task: TaskRecord, stop: Stop, moment: Moment): Edit =>
  (change) =>
    apply(
      change,
      put("tasks", pendingAgain(task, stop, moment.now)),
      emit(
        taskEvent(task, "task_retry_scheduled", {
          attempt: task.attempt,
          delay_ms: 0,
          reason: "budget",
          error: null,
        }),
      ),
      moveAgent(task, "leave", moment),
    );

const waitForMoney =
  (
    task: TaskRecord,
    stop: Stop,
    { limit, wanted }: Extract<Verdict, { kind: "waits" }>,
    moment: Moment,
  ): Edit =>
  (change) => {
    const { project_id, task_id } = task;
    const waiting_for = waitingForLimit(limit, null, moment.now);
    const agreed = change.project.agreed_limits.some((other) => isSameLimit(limit, other));
    const waiter = { project_id, task_id, limit: limit.amount, ...wanted, agreed };
    return apply(
      change,
      put("tasks", { ...pendingAgain(task, stop, moment.now), waiting_for }),
      joinLine(ledgerOfLimit(limit), waiter),
      emit(taskEvent(task, "task_waiting", { attempt: task.attempt, waiting_for })),
      moveAgent(task, "leave", moment),
    );
  };

/** Finds the open request about a limit, if the change has it. */
const openRequestAbout = ({ project, requests }: Change, limit: LimitState) => {
  const asked = project.asked_limits.find((other) => isSameLimit(limit, other));
  const request = asked && requests[asked.request_id];
  return request?.status === "pending" ? request : undefined;
};

const askAboutLimit =
  (
    task: TaskRecord,
    { transcript }: Stop,
    { kind, limit, wanted }: Extract<Verdict, { kind: "nearly" | "used_up" }>,
    moment: Moment,
  ): Edit =>
  (change) => {
    const request = /* guard: one question at one limit */ openRequestAbout(change, limit);
    if (request) return joinRequest(task, { request, transcript }, moment)(change);
    const asked = {
      kind: "budget" as const,
      about: { kind, ...limitRef(limit), needed: wanted.minCost },
      question: budgetQuestion(kind, limit),
      options: [],
      context: [],
      transcript,
    };
    return askHuman(task, asked, moment)(change);
  };

/**
 * Ends an attempt at a limit. What was read then may be over: it is decided again by the ledgers as they are now. The task
 * waits for money that calls under way have reserved, asks a person, joins a question that is open about the same limit, or
 * goes on at once.
 *
 * @throws Problem `conflict` when the task is not working
 */
export const stopAtLimit =
  (task: TaskRecord, stop: Stop, moment: Moment): Edit =>
  (change) => {
    const limits = limitsOf(change, stop.budgets, { task_id: task.task_id, now: stop.now });
    const { agreed_limits } = change.project;
    const verdict = /* guard: the end of an attempt looks at the money again */ decideBudget(
      limits,
      stop.wanted,
      agreed_limits,
    );
    if (verdict.kind === "granted") return goOn(task, stop, moment)(change);
    return verdict.kind === "waits"
      ? waitForMoney(task, stop, verdict, moment)(change)
      : askAboutLimit(task, stop, verdict, moment)(change);
  };

/** Names the open requests about limits, which a task that stops may join. */
export const askedRequests = ({ project }: Pick<Change, "project">): string[] =>
  project.asked_limits.map(({ request_id }) => request_id);
