import type { Call } from "../../contracts/call.ts";
import type { Page } from "../../contracts/page.ts";
import { Project, type ProjectStatus } from "../../domain/project/project.ts";
import { fillPage } from "../page.ts";
import type { ListProjects, LoadProject } from "../reads.ts";

export type ListProjectsDeps = {
  listProjects: ListProjects;
};

/** The caller's projects, newest first. */
export const listProjects = async (
  deps: ListProjectsDeps,
  call: Call,
  query: { status?: ProjectStatus | undefined; after: string | null; limit: number },
): Promise<Page<Project>> => {
  const { items, last } = await fillPage(
    (before, limit) => deps.listProjects(call.tenant, { before, limit }),
    {
      ...query,
      positionOf: ({ id }) => id,
      keep: ({ status }) => query.status === undefined || status === query.status,
    },
  );
  return { items: items.map((project) => Project.parse(project)), last };
};

export const getProject = async (
  deps: { loadProject: LoadProject },
  call: Call,
  { project_id }: { project_id: string },
): Promise<Project> => Project.parse(await deps.loadProject({ tenant: call.tenant, project_id }));
