import type { Command } from "../../lib/contracts/command.ts";
import type { Caller } from "../../lib/domain/common.ts";
import { createProject } from "../../lib/services/projects/create-project.ts";
import { type RespondInput, respond } from "../../lib/services/requests/respond.ts";
import { createTask } from "../../lib/services/tasks/task-commands.ts";
import { callers } from "./authenticator.ts";
import { aCall, type startBackend } from "./backend.ts";
import { perform } from "./perform.ts";

export type Backend = Awaited<ReturnType<typeof startBackend>>;

type ProjectFields = Partial<Parameters<typeof createProject>[2]>;

/** Projects and tasks of one tenant by use case, and what has become of them: what an integration test talks in. */
export const useCasesOf = ({ deps }: Backend, caller: Caller = callers.ann) => {
  const { tenant } = caller;
  const keyOf = (project_id: string) => ({ tenant, project_id });
  return {
    project: (fields: ProjectFields = {}) =>
      perform(
        deps,
        createProject(deps, aCall(caller), {
          name: "Bookshop",
          description: "Sells old books.",
          oversight_level: "medium",
          workflow: "none",
          ...fields,
        }),
        aCall(caller),
      ),
    task: (project_id: string, instructions: string, agent_type = "coder") =>
      perform(
        deps,
        createTask({ project_id, agent_type, instructions, context_ids: [], priority: 3 }),
        aCall(caller),
      ),
    taskOf: (project_id: string, id: string) => deps.loadTask(keyOf(project_id), id),
    tasksOf: (project_id: string) => deps.newestTasks(keyOf(project_id), 100),
    projectOf: (project_id: string) => deps.loadProject(keyOf(project_id)),
    pending: async (project_id: string) => {
      const page = { before: null, limit: 100 };
      const { items } = await deps.listRequests(keyOf(project_id), page);
      return items.filter(({ status }) => status === "pending");
    },
    /** Commits a command, as the caller. */
    perform: <Result>(command: Command<Result> | Promise<Command<Result>>) =>
      perform(deps, command, aCall(caller)),
    answer: (answer: RespondInput, user_id = caller.user_id) => {
      const call = aCall({ ...caller, user_id });
      return perform(deps, respond(deps, call, answer), call);
    },
    log: async (project_id: string) => {
      const events = [];
      for (let after = 0, more = true; more; after = events.at(-1)?.seq ?? 0) {
        const page = await deps.readLog(keyOf(project_id), { after, commits: 50 });
        events.push(...page.events);
        more = page.more;
      }
      return events;
    },
  };
};
