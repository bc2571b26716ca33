import { ledgerOfLimit } from "../../domain/budget/budget.ts";
import { needsOfOpen } from "../../domain/budget/settle-call.ts";
import type { Change, Needs } from "../../domain/change.ts";
import type { Moment, ProjectKey } from "../../domain/common.ts";
import { expireLease } from "../../domain/task/fail-attempt.ts";
import { leaseIsOver, mayStart, startTask } from "../../domain/task/run-task.ts";
import type { TaskRecord } from "../../domain/task/task.ts";
import { failMissingStep, isMissingStep } from "../../domain/workflow/missing-step.ts";
import type { Commit } from "../commit/commit.ts";

/** A task that this worker has a lease of, with the project as it was then. */
export type LeasedTask = { change: Change; task: TaskRecord };

/** Gives the key of the project that a leased task belongs to. */
export const projectKeyOf = ({ change, task }: LeasedTask): ProjectKey => ({
  tenant: change.tenant,
  project_id: task.project_id,
});

/** Gives the part of a commit request that comes from the running agent. */
export const asAgent = ({ change, task }: LeasedTask, correlation_id = task.correlation_id) => ({
  tenant: change.tenant,
  project_id: task.project_id,
  actor: { type: "agent", id: task.agent_type } as const,
  correlation_id,
});

/** Whether a message about the task is worth a commit: most repeated deliveries are not. */
export const isClaimable = (change: Change, task_id: string, now: string): boolean => {
  const task = change.tasks[task_id];
  return (
    task !== undefined &&
    (mayStart(task, now) || leaseIsOver(task, now)) &&
    /* guard: nothing starts in a project that does not run */ change.project.status === "active"
  );
};

const claim = (change: Change, task_id: string, leaseMs: number, moment: Moment): Change => {
  const found = change.tasks[task_id];
  if (!found || !isClaimable(change, task_id, moment.now)) return change;
  if (isMissingStep(change, found)) return failMissingStep(found, moment)(change);
  const free = leaseIsOver(found, moment.now) ? expireLease(found, moment)(change) : change;
  const task = free.tasks[task_id] ?? found;
  return mayStart(task, moment.now) ? startTask(task, leaseMs, moment)(free) : free;
};

/**
 * Names the ledgers that a claim changes. A working task that can be claimed has lost its worker, which may have left model
 * calls open; one that waited for money leaves the line.
 */
const ledgerNeedsOf = (task: TaskRecord): { needs?: Needs; more?: (change: Change) => Needs } => {
  if (task.status === "working") return needsOfOpen(task.task_id);
  return task.waiting_for ? { needs: { ledgers: [ledgerOfLimit(task.waiting_for)] } } : {};
};

type ClaimInput = {
  commit: Commit;
  known: Change;
  task: TaskRecord;
  leaseMs: number;
  correlation_id: string;
};

/**
 * Claims a task for one attempt. Gives null when it cannot be claimed: it is over, leased to another worker, not due yet,
 * or its project does not run.
 *
 * @throws whatever a commit throws: Problem `busy`, `in-doubt`, an error of the table
 */
export const claimTask = ({ commit, known, task, leaseMs, correlation_id }: ClaimInput) => {
  const { needs, more } = ledgerNeedsOf(task);
  return commit<LeasedTask | null>({
    ...asAgent({ change: known, task }, correlation_id),
    known: needs ? undefined : known,
    needs: { tasks: [task.task_id], ...needs },
    ...(more && { more }),
    decide: (change, moment) => {
      const { task_id } = task;
      const before = change.tasks[task_id]?.attempt;
      return {
        change: claim(change, task_id, leaseMs, moment),
        answer: (after) => {
          const leased = after.tasks[task_id];
          const taken = leased?.status === "working" && leased.attempt !== before;
          return taken ? { change: after, task: leased } : null;
        },
      };
    },
  });
};
