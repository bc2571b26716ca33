import type { Command } from "../../contracts/command.ts";
import { ledgerOfLimit } from "../../domain/budget/budget.ts";
import type { Change, TaskEdit } from "../../domain/change.ts";
import { truncate } from "../../domain/common.ts";
import { invalid, Problem } from "../../domain/problem.ts";
import type { AgentType } from "../../domain/project/agent.ts";
import { isClosed } from "../../domain/project/project.ts";
import { cancelTask } from "../../domain/task/cancel-task.ts";
import { runAgain } from "../../domain/task/run-again.ts";
import { isOpen, type TaskRecord } from "../../domain/task/task.ts";
import { addTask, newTask } from "../../domain/workflow/schedule-step.ts";

const refuseClosed = ({ project }: Change) => {
  if (!isClosed(project)) return;
  throw new Problem("conflict", `The project is ${project.status}.`, {
    extensions: { current: project.status },
  });
};

/** Checks that context artifacts are the project's. @throws Problem `invalid-request`, pointing to the first that is not */
export const checkContext = (change: Change, ids: readonly string[]) => {
  const index = ids.findIndex((id) => !change.artifacts[id]);
  if (index < 0) return;
  throw invalid(`#/body/context_ids/${index}`, "There is no such artifact in this project.");
};

type NewTask = {
  project_id: string;
  agent_type: AgentType;
  instructions: string;
  context_ids: readonly string[];
  priority: number;
  name?: string | undefined;
};

const maxName = 80;

/**
 * Creates a task outside the workflow; the commit enqueues it.
 *
 * @throws Problem from its decision: `conflict` in a closed project, `invalid-request` for a context artifact that is
 * not the project's
 */
export const createTask = (input: NewTask): Command<TaskRecord> => ({
  project_id: input.project_id,
  needs: { artifacts: input.context_ids },
  decide: (change, moment) => {
    refuseClosed(change);
    checkContext(change, input.context_ids);
    const { project_id, instructions, name, ...fields } = input;
    const task = newTask(
      project_id,
      {
        ...fields,
        instructions,
        name: name ?? truncate(instructions.trim().split("\n", 1)[0] ?? "", maxName),
        phase: null,
        step: null,
        output_type: "agent_output",
      },
      moment,
    );
    return { change: addTask(task)(change), answer: () => task };
  },
});

type TaskRef = { project_id: string; task_id: string };

const taskOf = (change: Change, id: string): TaskRecord => {
  const task = change.tasks[id];
  if (task) return task;
  throw new Problem("not-found", `There is no task ${id} in this project.`);
};

const changeTask = ({ project_id, task_id }: TaskRef, edit: TaskEdit): Command<TaskRecord> => ({
  project_id,
  needs: { tasks: [task_id] },
  more: ({ tasks }) => {
    const { pending_request = null, waiting_for = null } = tasks[task_id] ?? {};
    return {
      requests: pending_request ? [pending_request] : [],
      ledgers: waiting_for ? [ledgerOfLimit(waiting_for)] : [],
    };
  },
  decide: (change, moment) => {
    const task = taskOf(change, task_id);
    refuseClosed(change);
    return { change: edit(task, moment)(change), answer: (after) => taskOf(after, task_id) };
  },
});

const refuseEnded = (task: TaskRecord) => {
  if (isOpen(task)) return;
  throw new Problem("conflict", `A task that is ${task.status} cannot be cancelled.`, {
    extensions: { current: task.status },
  });
};

/**
 * Cancels a task. A worker that runs it loses its lease.
 *
 * @throws Problem from its decision: `not-found`, or `conflict` when the task or its project is over
 */
export const cancel = (ref: TaskRef) =>
  changeTask(ref, (task, moment) => {
    refuseEnded(task);
    return cancelTask(task, `Cancelled by ${moment.actor.id}.`, moment);
  });

/**
 * Runs a failed or cancelled task once more, with a fresh set of attempts.
 *
 * @throws Problem from its decision: `not-found`, or `conflict` when the task is neither, or its project is over
 */
export const retry = (ref: TaskRef) =>
  changeTask(ref, (task, moment) => runAgain(task, { move: "retry", reason: "retried" }, moment));
