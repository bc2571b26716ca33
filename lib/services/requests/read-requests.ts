import type { Call } from "../../contracts/call.ts";
import type { Page } from "../../contracts/page.ts";
import type { ArtifactRecord } from "../../domain/artifact/artifact.ts";
import type { ProjectKey } from "../../domain/common.ts";
import type { Json } from "../../domain/json.ts";
import type { HitlStatus, RequestRecord } from "../../domain/request/request.ts";
import { shownRequest } from "../../domain/request/respond.ts";
import type { TaskRecord } from "../../domain/task/task.ts";
import { fillPage, truncatePage } from "../page.ts";
import { progressOf } from "../projects/project-status.ts";
import type { ListRequests, LoadProject, WorkflowOf } from "../reads.ts";

export type ReadRequestsDeps = {
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
  findArtifact: (tenant: string, id: string, version?: number) => Promise<ArtifactRecord>;
  loadContents: (key: ProjectKey, digests: readonly string[]) => Promise<Map<string, Json>>;
};

type Paging = { after: string | null; limit: number };

const idOf = ({ request_id }: RequestRecord) => request_id;

/** What waits for the caller in all projects, oldest first. */
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

/** A project's requests, newest first. */
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
 * One request, with the contents in its history; a list has the history without them.
 *
 * @throws Problem `not-found`
 */
export const getRequest = async (
  deps: Pick<ReadRequestsDeps, "loadRequest">,
  call: Call,
  { request_id }: RequestRef,
) => shownRequest(await deps.loadRequest(call.tenant, request_id));

export const requestHistory = async (
  deps: Pick<ReadRequestsDeps, "loadRequest">,
  call: Call,
  { request_id }: RequestRef,
) => {
  const { history } = await getRequest(deps, call, { request_id });
  return { request_id, history };
};

/** What the answerer has to know: the task, what is to be judged as it was shown, where the work stands. */
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
    task: task,
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
