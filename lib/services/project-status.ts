import { AgentType, statusOf } from "../domain/agent.ts";
import type { Call } from "../domain/call.ts";
import type { ProjectKey } from "../domain/common.ts";
import { HitlRequest, type RequestRecord } from "../domain/hitl.ts";
import type { ProjectRecord } from "../domain/project.ts";
import { Task, type TaskRecord } from "../domain/task.ts";
import { findStep, percentageAt } from "../domain/workflow.ts";
import { fitting, type Page } from "./page.ts";

export type ProjectStatusDeps = {
  loadProject: (key: ProjectKey) => Promise<ProjectRecord>;
  newestTasks: (key: ProjectKey, limit: number) => Promise<TaskRecord[]>;
  listRequests: (
    key: ProjectKey,
    page: { before: string | null; limit: number },
  ) => Promise<Page<RequestRecord>>;
};

/** A screen shows the newest tasks and requests; lists have the rest. */
const shown = 100;
const mostTries = 5;

/** Whole per cent: of the workflow's steps, or of the tasks where there is no workflow. */
export const progressOf = ({ status, workflow, step, counts }: ProjectRecord): number => {
  if (status === "completed") return 100;
  const current = findStep(workflow, step);
  if (current) return percentageAt(workflow, current);
  return counts.tasks === 0 ? 0 : Math.floor((counts.completed * 100) / counts.tasks);
};

export const agentsOf = ({ id, agents }: ProjectRecord) =>
  AgentType.options.map((type) => statusOf(id, type, agents[type]));

/**
 * All that a screen needs, as one consistent picture: what was read counts only when the project's head did
 * not move meanwhile.
 */
export const projectStatus = async (
  deps: ProjectStatusDeps,
  call: Call,
  { project_id }: { project_id: string },
) => {
  const key = { tenant: call.tenant, project_id };
  let before = await deps.loadProject(key);
  for (let tries = 1; ; tries += 1) {
    const [tasks, requests] = await Promise.all([
      deps.newestTasks(key, shown),
      deps.listRequests(key, { before: null, limit: shown }),
    ]);
    const project = await deps.loadProject(key);
    if (project.head === before.head || tries === mostTries) {
      return picture(project, tasks, requests.items);
    }
    before = project;
  }
};

const newestFitting = (tasks: readonly TaskRecord[]) => {
  const newestFirst = tasks.toReversed();
  return newestFirst.slice(0, fitting(newestFirst)).toReversed();
};

const picture = (
  project: ProjectRecord,
  tasks: readonly TaskRecord[],
  requests: readonly RequestRecord[],
) => ({
  project_id: project.id,
  status: project.status,
  current_phase: project.current_phase,
  head: project.head,
  progress_percentage: progressOf(project),
  tasks: newestFitting(tasks).map((task) => Task.parse(task)),
  agents: agentsOf(project),
  pending_hitl: requests
    .filter(({ status }) => status === "pending")
    .map((request) => HitlRequest.parse(request)),
});

export const projectCompletion = async (
  deps: Pick<ProjectStatusDeps, "loadProject">,
  call: Call,
  { project_id }: { project_id: string },
) => {
  const project = await deps.loadProject({ tenant: call.tenant, project_id });
  const { counts } = project;
  return {
    project_id,
    is_complete: project.status === "completed",
    completion_percentage: progressOf(project),
    total_tasks: counts.tasks,
    completed_tasks: counts.completed,
    artifacts_available: counts.artifacts > 0,
  };
};
