import type { Call } from "../../contracts/call.ts";
import type { Page } from "../../contracts/page.ts";
import type { ProjectKey } from "../../domain/common.ts";
import type { TaskRecord } from "../../domain/task/task.ts";
import { truncatePage } from "../page.ts";
import type { ListTasks, LoadProject } from "../reads.ts";

export type ListTasksDeps = {
  loadProject: LoadProject;
  loadTask: (key: ProjectKey, id: string) => Promise<TaskRecord>;
  listTasks: ListTasks;
};

/** Lists a project's tasks in the order of their creation. @throws Problem `not-found` */
export const listTasks = async (
  deps: Pick<ListTasksDeps, "loadProject" | "listTasks">,
  call: Call,
  { project_id, ...page }: { project_id: string; after: string | null; limit: number },
): Promise<Page<TaskRecord>> => {
  const key = { tenant: call.tenant, project_id };
  const [found] = await Promise.all([deps.listTasks(key, page), deps.loadProject(key)]);
  return truncatePage(found, ({ task_id }) => task_id);
};

/** Gives one task. @throws Problem `not-found` */
export const getTask = (
  deps: Pick<ListTasksDeps, "loadTask">,
  call: Call,
  { project_id, task_id }: { project_id: string; task_id: string },
): Promise<TaskRecord> => deps.loadTask({ tenant: call.tenant, project_id }, task_id);
