import type { Call } from "../../contracts/call.ts";
import type { ProjectKey } from "../../domain/common.ts";
import { statusOf } from "../../domain/project/agent.ts";
import type { ProjectRecord } from "../../domain/project/project.ts";
import type { RequestRecord } from "../../domain/request/request.ts";
import { isOpen, type TaskRecord } from "../../domain/task/task.ts";
import { findStep, percentageAt, type Workflow } from "../../domain/workflow/workflow.ts";
import { countFitting, fillPage } from "../page.ts";
import { readConsistently } from "../read-consistently.ts";
import type { AgentNames, ListRequests, ListTasks, LoadProject, WorkflowOf } from "../reads.ts";

export type ProjectStatusDeps = {
  loadProject: LoadProject;
  newestTasks: (key: ProjectKey, limit: number) => Promise<TaskRecord[]>;
  listTasks: ListTasks;
  listRequests: ListRequests;
  workflowOf: WorkflowOf;
  agentNames: AgentNames;
};

/** The newest tasks of a status, and at most as many older ones and requests that are open. The lists have the rest. */
const maxShown = 100;

/** Gives the progress in whole per cent: of the workflow's steps, or of the tasks when the project has no step. */
export const progressOf = ({ status, step, counts }: ProjectRecord, workflow: Workflow): number => {
  if (status === "completed") return 100;
  const current = findStep(workflow, step);
  if (current) return percentageAt(workflow, current);
  return counts.tasks === 0 ? 0 : Math.floor((counts.completed * 100) / counts.tasks);
};

/** Gives the status of each defined agent, and of agents that worked for the project and are no longer defined. */
export const agentsOf = ({ id, agents }: ProjectRecord, defined: AgentNames) =>
  [...new Set([...defined, ...Object.keys(agents)])].map((type) =>
    statusOf(id, type, agents[type]),
  );

/** Reads the newest tasks, and the older ones that are still open. */
const tasksToShow = async (deps: ProjectStatusDeps, key: ProjectKey, open: number) => {
  const newest = await deps.newestTasks(key, maxShown);
  if (newest.filter(isOpen).length >= open) return newest;
  const { items } = await fillPage<TaskRecord, string>(
    (after, limit) => deps.listTasks(key, { after, limit }),
    {
      after: null,
      limit: maxShown,
      positionOf: ({ task_id }) => task_id,
      keep: isOpen,
    },
  );
  const older = items.filter(({ task_id }) => task_id < (newest[0]?.task_id ?? ""));
  return [...older, ...newest];
};

/** Reads the pending requests, newest first; reads nothing when the project counts none. */
const requestsToShow = async (deps: ProjectStatusDeps, key: ProjectKey, pending: number) => {
  if (pending === 0) return [];
  const { items } = await fillPage<RequestRecord, string>(
    (before, limit) => deps.listRequests(key, { before, limit }),
    {
      after: null,
      limit: Math.min(maxShown, pending),
      positionOf: ({ request_id }) => request_id,
      keep: ({ status }) => status === "pending",
    },
  );
  return items;
};

/**
 * Reads the whole status of a project, as it was at one instant.
 *
 * @throws Problem `not-found`; `busy` when the project changed during each try
 */
export const projectStatus = async (
  deps: ProjectStatusDeps,
  call: Call,
  { project_id }: { project_id: string },
) => {
  const key = { tenant: call.tenant, project_id };
  const { project, found } = await readConsistently(
    () => deps.loadProject(key),
    ({ counts }) =>
      Promise.all([
        tasksToShow(deps, key, counts.open),
        requestsToShow(deps, key, counts.pending_requests),
      ]),
  );
  const [tasks, requests] = found;
  const progress_percentage = progressOf(project, await deps.workflowOf(call.tenant, project));
  return toStatus({ project, tasks, requests, progress_percentage, agentNames: deps.agentNames });
};

const newestFitting = (tasks: readonly TaskRecord[]) => {
  const newestFirst = tasks.toReversed();
  return newestFirst.slice(0, countFitting(newestFirst)).toReversed();
};

type StatusParts = {
  project: ProjectRecord;
  tasks: readonly TaskRecord[];
  requests: readonly RequestRecord[];
  progress_percentage: number;
  agentNames: AgentNames;
};

const toStatus = ({ project, tasks, requests, progress_percentage, agentNames }: StatusParts) => ({
  project_id: project.id,
  status: project.status,
  current_phase: project.current_phase,
  head: project.head,
  progress_percentage,
  tasks: newestFitting(tasks),
  agents: agentsOf(project, agentNames),
  pending_hitl: [...requests],
});

/** Says how far a project is. @throws Problem `not-found` */
export const projectCompletion = async (
  deps: Pick<ProjectStatusDeps, "loadProject" | "workflowOf">,
  call: Call,
  { project_id }: { project_id: string },
) => {
  const project = await deps.loadProject({ tenant: call.tenant, project_id });
  const { counts } = project;
  return {
    project_id,
    is_complete: project.status === "completed",
    completion_percentage: progressOf(project, await deps.workflowOf(call.tenant, project)),
    total_tasks: counts.tasks,
    completed_tasks: counts.completed,
    artifacts_available: counts.artifacts > 0,
  };
};
