import { Project, type ProjectRecord, type ProjectStatus } from "../domain/project.ts";
import type { Call } from "./caller.ts";
import { fillPage, type Page } from "./page.ts";

export type ListProjectsDeps = {
  listProjects: (
    tenant: string,
    page: { before: string | null; limit: number },
  ) => Promise<Page<ProjectRecord>>;
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
