import type { Call } from "../../contracts/call.ts";
import type { Page } from "../../contracts/page.ts";
import type { ProjectRecord, ProjectStatus } from "../../domain/project/project.ts";
import { fillPage } from "../page.ts";
import type { ListProjects, LoadProject } from "../reads.ts";

export type ListProjectsDeps = {
  listProjects: ListProjects;
};

/** Lists the caller's projects, newest first. */
export const listProjects = async (
  deps: ListProjectsDeps,
  call: Call,
  query: { status?: ProjectStatus | undefined; after: string | null; limit: number },
): Promise<Page<ProjectRecord>> => {
  return fillPage((before, limit) => deps.listProjects(call.tenant, { before, limit }), {
    ...query,
    positionOf: ({ id }) => id,
    keep: ({ status }) => query.status === undefined || status === query.status,
  });
};

/** Gives one project. @throws Problem `not-found` */
export const getProject = (
  deps: { loadProject: LoadProject },
  call: Call,
  { project_id }: { project_id: string },
): Promise<ProjectRecord> => deps.loadProject({ tenant: call.tenant, project_id });
