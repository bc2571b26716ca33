import type { Call } from "../../contracts/call.ts";
import type { Page } from "../../contracts/page.ts";
import type { ProjectKey } from "../../domain/common.ts";
import type { HitlStatus, RequestRecord } from "../../domain/request/request.ts";
import { shownRequest } from "../../domain/request/respond.ts";
import type { TaskRecord } from "../../domain/task/task.ts";
import type { ArtifactDeps } from "../artifacts/artifacts.ts";
import { fillPage, truncatePage } from "../page.ts";
import { progressOf } from "../projects/project-status.ts";
import type { ListRequests, LoadProject, WorkflowOf } from "../reads.ts";

export type ReadRequestsDeps = Pick<ArtifactDeps, "findArtifact" | "loadContents"> & {
  loadProject: LoadProject;
  loadTask: (key: ProjectKey, id: string) => Promise<TaskRecord>;
  loadRequest: (tenant: string, id: string) => Promise<RequestRecord>;
  listPending: (
    tenant: string,
    page: { after: string | null; limit: number },
  ) => Promise<Page<RequestRecord>>;
  countPending: (tenant: string) => Promise<number>;
  listRequests: ListRequests;
  workflowOf: WorkflowOf;
};

type Paging = { after: string | null; limit: number };

const idOf = ({ request_id }: RequestRecord) => request_id;

/** Lists the pending requests of all projects, oldest first. */
export const pendingRequests = async (
  deps: Pick<ReadRequestsDeps, "listPending" | "countPending">,
  call: Call,
  page: Paging,
) => {
  const [found, pending_count] = await Promise.all([
    deps.listPending(call.tenant, page),
    deps.countPending(call.tenant),
  ]);
  const { items, last } = truncatePage(found, idOf);
  return { requests: items, pending_count, last };
};

/** Lists a project's requests, newest first. @throws Problem `not-found` */
export const projectRequests = async (
  deps: Pick<ReadRequestsDeps, "listRequests" | "loadProject">,
  call: Call,
  query: Paging & { project_id: string; status_filter?: HitlStatus | undefined },
) => {
  const key = { tenant: call.tenant, project_id: query.project_id };
  const { counts } = await deps.loadProject(key);
  const found = await fillPage((before, limit) => deps.listRequests(key, { before, limit }), {
    after: query.after,
    limit: query.limit,
    positionOf: idOf,
    keep: ({ status }) => !query.status_filter || status === query.status_filter,
  });
  const { items, last } = truncatePage(found, idOf);
  return { requests: items, pending_count: counts.pending_requests, last };
};

type RequestRef = { request_id: string };

/**
 * Gives one request, with the contents in its history. Lists leave these contents out.
 *
 * @throws Problem `not-found`
 */
export const getRequest = async (
  deps: Pick<ReadRequestsDeps, "loadRequest">,
  call: Call,
  { request_id }: RequestRef,
) => shownRequest(await deps.loadRequest(call.tenant, request_id));

/** Gives the history of a request. @throws Problem `not-found` */
export const requestHistory = async (
  deps: Pick<ReadRequestsDeps, "loadRequest">,
  call: Call,
  { request_id }: RequestRef,
) => {
  const { history } = await getRequest(deps, call, { request_id });
  return { request_id, history };
};

/**
 * Gives what a person needs in order to respond: the task, the artifacts in the versions that the request shows, and how
 * far the project is.
 *
 * @throws Problem `not-found`
 */
export const requestContext = async (
  deps: Pick<
    ReadRequestsDeps,
    "loadRequest" | "loadTask" | "loadProject" | "findArtifact" | "loadContents" | "workflowOf"
  >,
  call: Call,
  { request_id }: RequestRef,
) => {
  const request = await deps.loadRequest(call.tenant, request_id);
  const key = { tenant: call.tenant, project_id: request.project_id };
  const shown = request.context_ids;
  const [task, project, contents, ...artifacts] = await Promise.all([
    deps.loadTask(key, request.task_id),
    deps.loadProject(key),
    deps.loadContents(
      key,
      shown.map(({ sha256 }) => sha256),
    ),
    ...shown.map(({ context_id, version }) =>
      deps.findArtifact(call.tenant, context_id, version).catch(() => null),
    ),
  ]);
  return {
    request: shownRequest(request),
    task,
    artifacts: artifacts.flatMap((artifact) =>
      artifact ? [{ ...artifact, content: contents.get(artifact.sha256) ?? null }] : [],
    ),
    workflow: {
      project_id: project.id,
      name: project.name,
      status: project.status,
      current_phase: project.current_phase,
      oversight_level: project.oversight_level,
      progress_percentage: progressOf(project, await deps.workflowOf(call.tenant, project)),
    },
  };
};
