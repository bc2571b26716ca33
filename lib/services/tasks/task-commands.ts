import type { Call } from "../../contracts/call.ts";
import { tagOf } from "../../contracts/etags.ts";
import type { Change, TaskEdit } from "../../domain/change.ts";
import { cut } from "../../domain/common.ts";
import { invalid, Problem } from "../../domain/problem.ts";
import type { AgentType } from "../../domain/project/agent.ts";
import { isClosed } from "../../domain/project/project.ts";
import { cancelTask } from "../../domain/task/cancel-task.ts";
import { runAgain } from "../../domain/task/run-again.ts";
import { isOpen, Task, type TaskRecord } from "../../domain/task/task.ts";
import { addTask, newTask } from "../../domain/workflow/schedule-step.ts";
import { by, type Commit } from "../commit/caller.ts";

export type TaskCommandDeps = { commit: Commit };

const refuseClosed = ({ project }: Change) => {
  if (!isClosed(project)) return;
  throw new Problem("conflict", `The project is ${project.status}.`, {
    extensions: { current: project.status },
  });
};

/** @throws Problem `invalid-request` for a context artifact that is not the project's */
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

const longestName = 80;

/** Creates a task outside the workflow and queues it. */
export const createTask = ({ commit }: TaskCommandDeps, call: Call, input: NewTask) =>
  commit({
    ...by(call),
    project_id: input.project_id,
    needs: { artifacts: input.context_ids },
    decide: (change, moment) => {
      refuseClosed(change);
      checkContext(change, input.context_ids);
      const { agent_type, instructions, context_ids, priority } = input;
      const name = input.name ?? cut(instructions.trim().split("\n", 1)[0] ?? "", longestName);
      const task = newTask(
        input.project_id,
        {
          name,
          agent_type,
          instructions,
          context_ids,
          priority,
          phase: null,
          step: null,
          output_type: "agent_output",
        },
        moment,
      );
      return { change: addTask(task)(change), answer: () => Task.parse(task) };
    },
  });

type Named = { project_id: string; task_id: string };

const taskOf = (change: Change, id: string): TaskRecord => {
  const task = change.tasks[id];
  if (task) return task;
  throw new Problem("not-found", `There is no task ${id} in this project.`);
};

const changeTask = (
  { commit }: TaskCommandDeps,
  call: Call,
  { project_id, task_id }: Named,
  edit: TaskEdit,
) =>
  commit({
    ...by(call),
    project_id,
    needs: { tasks: [task_id] },
    more: ({ tasks }) => ({ requests: [tasks[task_id]?.pending_request ?? []].flat() }),
    decide: (change, moment) => {
      const task = taskOf(change, task_id);
      refuseClosed(change);
      call.checkMatch(tagOf.task(task));
      return {
        change: edit(task, moment)(change),
        answer: (after) => Task.parse(taskOf(after, task_id)),
      };
    },
  });

const refuseEnded = (task: TaskRecord) => {
  if (isOpen(task)) return;
  throw new Problem("conflict", `A task that is ${task.status} cannot be cancelled.`, {
    extensions: { current: task.status },
  });
};

/** Ends a task; a worker that runs it is fenced off. */
export const cancel = (deps: TaskCommandDeps, call: Call, named: Named) =>
  changeTask(deps, call, named, (task, moment) => {
    refuseEnded(task);
    return cancelTask(task, `Cancelled by ${call.user_id}.`, moment);
  });

/** Runs a failed or cancelled task once more, with a fresh set of attempts. */
export const retry = (deps: TaskCommandDeps, call: Call, named: Named) =>
  changeTask(deps, call, named, (task, moment) =>
    runAgain(task, { move: "retry", reason: "retried" }, moment),
  );
