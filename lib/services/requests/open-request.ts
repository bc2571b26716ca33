import type { Call } from "../../contracts/call.ts";
import { refOf } from "../../domain/artifact/artifact.ts";
import { Problem } from "../../domain/problem.ts";
import { isClosed } from "../../domain/project/project.ts";
import { askHuman } from "../../domain/request/ask-human.ts";
import { HitlRequest } from "../../domain/request/request.ts";
import { by, type Commit } from "../commit/caller.ts";
import { checkContext } from "../tasks/task-commands.ts";

type Input = {
  project_id: string;
  task_id: string;
  question: string;
  options: readonly string[];
  context_ids: readonly string[];
  expires_in_seconds?: number | undefined;
};

/** Opens a request about a task, which waits until somebody answers. */
export const openRequest = ({ commit }: { commit: Commit }, call: Call, input: Input) =>
  commit({
    ...by(call),
    project_id: input.project_id,
    needs: { tasks: [input.task_id], artifacts: input.context_ids },
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
      return { change: asked, answer: ({ requests }) => HitlRequest.parse(requests[request_id]) };
    },
  });
