import type { Command } from "../../contracts/command.ts";
import { refOf } from "../../domain/artifact/artifact.ts";
import { ledgerOfLimit } from "../../domain/budget/budget.ts";
import type { Change } from "../../domain/change.ts";
import { Problem } from "../../domain/problem.ts";
import { isClosed } from "../../domain/project/project.ts";
import { askHuman } from "../../domain/request/ask-human.ts";
import type { RequestRecord } from "../../domain/request/request.ts";
import { checkContext } from "../tasks/task-commands.ts";

type Input = {
  project_id: string;
  task_id: string;
  question: string;
  options: readonly string[];
  context_ids: readonly string[];
  expires_in_seconds?: number | undefined;
};

const requestOf = ({ requests }: Change, id: string): RequestRecord => {
  const request = requests[id];
  if (request) return request;
  throw new Error(`A request was opened, but there is no request ${id}.`);
};

/**
 * Opens a request about a task. The task waits until somebody responds.
 *
 * @throws Problem from its decision: `not-found`, `conflict` when the project is closed or the task cannot wait,
 * `invalid-request` for a context artifact that is not the project's
 */
export const openRequest = (input: Input): Command<RequestRecord> => ({
  project_id: input.project_id,
  needs: { tasks: [input.task_id], artifacts: input.context_ids },
  more: ({ tasks }) => {
    const waiting_for = tasks[input.task_id]?.waiting_for;
    return { ledgers: waiting_for ? [ledgerOfLimit(waiting_for)] : [] };
  },
  decide: (change, moment) => {
    const { task_id, question, options, context_ids, expires_in_seconds } = input;
    const task = change.tasks[task_id];
    if (!task) throw new Problem("not-found", `There is no task ${task_id} in this project.`);
    if (isClosed(change.project)) {
      throw new Problem("conflict", `The project is ${change.project.status}.`);
    }
    checkContext(change, context_ids);
    const context = [...new Set(context_ids)].flatMap((id) => {
      const artifact = change.artifacts[id];
      return artifact ? [refOf(artifact)] : [];
    });
    const ask = { question, options, context, expires_in_seconds };
    const asked = askHuman(task, ask, moment)(change);
    const request_id = asked.tasks[task_id]?.pending_request ?? "";
    return { change: asked, answer: (after) => requestOf(after, request_id) };
  },
});
